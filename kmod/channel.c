// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/vvb. An open of it is a channel, which owns VFs and may be kept across a daemon's
 * restart. The channel's session is the living daemon: releasing it is death, and settles
 * what was pending as each VF's on_daemon_loss says. include/uapi/vvb.h has the calls.
 */
#include <linux/anon_inodes.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "channel.h"
#include "eject.h"
#include "punt.h"
#include "shadow.h"
#include "stats.h"
#include "vf.h"

static long vvb_claim(struct vvb_channel *ch, u64 __user *arg, bool claim)
{
	struct vvb_vf *vf;
	u64 id;

	if (get_user(id, arg))
		return -EFAULT;
	guard(mutex)(&vvb_vfs_lock);
	vf = vvb_vf_find(id);
	if (!vf)
		return -ENODEV;
	guard(spinlock)(&vvb_punt_lock);
	if (claim)
		return vvb_own(ch, vf);
	if (vf->channel != ch)
		return -EPERM;
	vvb_punt_lose(ch, vf);
	vvb_disown(vf);
	return 0;
}

static long vvb_wait_next(struct vvb_channel *ch, struct vvb_request *req, int timeout_ms)
{
	long left = timeout_ms < 0 ? MAX_SCHEDULE_TIMEOUT : msecs_to_jiffies(timeout_ms);

	atomic_inc(&ch->waiting);
	left = wait_event_interruptible_timeout(ch->wait, vvb_punt_next(ch, req), left);
	atomic_dec(&ch->waiting);
	if (left < 0)
		return -EINTR;
	return left ? 0 : -EAGAIN;
}

static long vvb_exchange(struct vvb_channel *ch, struct vvb_exchange __user *arg)
{
	struct vvb_exchange x;
	long err;

	if (copy_from_user(&x, arg, sizeof(x)))
		return -EFAULT;
	if (x.pad || x.timeout_ms < -1)
		return -EINVAL;
	if (x.reply.action != VVB_REPLY_NONE) {
		err = vvb_punt_reply(ch, &x.reply);
		if (err)
			return err;
	}
	err = vvb_wait_next(ch, &x.request, x.timeout_ms);
	if (err)
		return err;
	/* a request that can't be handed over runs into its deadline, like one ignored */
	return copy_to_user(&arg->request, &x.request, sizeof(x.request)) ? -EFAULT : 0;
}

static long vvb_own_command(struct vvb_channel *ch, struct vvb_own_command __user *arg)
{
	struct vvb_own_command own;
	int err;

	if (copy_from_user(&own, arg, sizeof(own)))
		return -EFAULT;
	err = vvb_punt_own_command(ch, &own);
	if (err)
		return err;
	return copy_to_user(arg, &own, sizeof(own)) ? -EFAULT : 0;
}

static void vvb_channel_free(struct kref *kref)
{
	struct vvb_channel *ch = container_of(kref, struct vvb_channel, kref);
	struct vvb_vf *vf, *next;

	spin_lock(&vvb_punt_lock);
	list_for_each_entry_safe(vf, next, &ch->vfs, owned)
		vvb_disown(vf);
	spin_unlock(&vvb_punt_lock);
	kfree(ch);
}

static int vvb_session_release(struct inode *inode, struct file *file)
{
	struct vvb_channel *ch = file->private_data;
	struct vvb_vf *vf;

	spin_lock(&vvb_punt_lock);
	ch->live = false;
	ch->late = false;
	list_for_each_entry(vf, &ch->vfs, owned)
		vvb_punt_lose(ch, vf);
	spin_unlock(&vvb_punt_lock);
	kref_put(&ch->kref, vvb_channel_free);
	return 0;
}

static long vvb_session_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vvb_channel *ch = file->private_data;
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VVB_IOC_CLAIM:
		return vvb_claim(ch, uarg, true);
	case VVB_IOC_DISCLAIM:
		return vvb_claim(ch, uarg, false);
	case VVB_IOC_EXCHANGE:
		return vvb_exchange(ch, uarg);
	case VVB_IOC_COMMAND:
		return vvb_own_command(ch, uarg);
	default:
		return -ENOTTY;
	}
}

static __poll_t vvb_session_poll(struct file *file, poll_table *wait)
{
	struct vvb_channel *ch = file->private_data;

	poll_wait(file, &ch->wait, wait);
	return vvb_punt_poll(ch);
}

static const struct file_operations vvb_session_fops = {
	.owner = THIS_MODULE,
	.release = vvb_session_release,
	.unlocked_ioctl = vvb_session_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = vvb_session_poll,
};

static long vvb_session_new(struct vvb_channel *ch)
{
	long fd;

	spin_lock(&vvb_punt_lock);
	if (ch->live) {
		spin_unlock(&vvb_punt_lock);
		return -EBUSY;
	}
	ch->live = true;
	spin_unlock(&vvb_punt_lock);
	kref_get(&ch->kref);
	fd = anon_inode_getfd("[vvb-session]", &vvb_session_fops, ch, O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		spin_lock(&vvb_punt_lock);
		ch->live = false;
		spin_unlock(&vvb_punt_lock);
		kref_put(&ch->kref, vvb_channel_free);
	}
	return fd;
}

/* What a VF has to tell: each of them begins with the VF's id, and is filled in whole. */
union vvb_report {
	u64 vf;
	struct vvb_stats stats;
	struct vvb_ejection ejection;
	struct vvb_shadow shadow;
};

static void vvb_report_fill(struct vvb_vf *vf, unsigned int cmd, union vvb_report *report)
{
	switch (cmd) {
	case VVB_IOC_STATS:
		vvb_stats_sum(vf, &report->stats);
		break;
	case VVB_IOC_EJECTION:
		vvb_eject_report(vf, &report->ejection);
		break;
	case VVB_IOC_SHADOW:
		vvb_shadow_report(vf, &report->shadow);
		break;
	}
}

static long vvb_report(unsigned int cmd, void __user *arg)
{
	union vvb_report *report;
	struct vvb_vf *vf;
	u64 id;
	long err;

	if (get_user(id, (u64 __user *)arg))
		return -EFAULT;
	report = kzalloc(sizeof(*report), GFP_KERNEL);
	if (!report)
		return -ENOMEM;
	mutex_lock(&vvb_vfs_lock);
	vf = vvb_vf_find(id);
	if (vf)
		vvb_report_fill(vf, cmd, report);
	mutex_unlock(&vvb_vfs_lock);
	err = vf ? 0 : -ENODEV;
	if (!err && copy_to_user(arg, report, _IOC_SIZE(cmd)))
		err = -EFAULT;
	kfree(report);
	return err;
}

static long vvb_stats_clear(struct vvb_channel *ch, u64 __user *arg)
{
	struct vvb_vf *vf;
	u64 id;

	if (!ch->admin)
		return -EPERM;
	if (get_user(id, arg))
		return -EFAULT;
	guard(mutex)(&vvb_vfs_lock);
	vf = vvb_vf_find(id);
	if (!vf)
		return -ENODEV;
	vvb_stats_reset(vf);
	return 0;
}

static long vvb_channel_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vvb_channel *ch = file->private_data;
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VVB_IOC_SESSION:
		return vvb_session_new(ch);
	case VVB_IOC_STATS:
	case VVB_IOC_EJECTION:
	case VVB_IOC_SHADOW:
		return vvb_report(cmd, uarg);
	case VVB_IOC_STATS_RESET:
		return vvb_stats_clear(ch, uarg);
	default:
		return -ENOTTY;
	}
}

static int vvb_channel_open(struct inode *inode, struct file *file)
{
	struct vvb_channel *ch = kzalloc(sizeof(*ch), GFP_KERNEL);

	if (!ch)
		return -ENOMEM;
	kref_init(&ch->kref);
	INIT_LIST_HEAD(&ch->vfs);
	INIT_LIST_HEAD(&ch->queue);
	INIT_LIST_HEAD(&ch->notices);
	init_waitqueue_head(&ch->wait);
	ch->uid = file->f_cred->euid;
	ch->admin = file_ns_capable(file, &init_user_ns, CAP_SYS_ADMIN);
	file->private_data = ch;
	return 0;
}

static int vvb_channel_release(struct inode *inode, struct file *file)
{
	struct vvb_channel *ch = file->private_data;

	kref_put(&ch->kref, vvb_channel_free);
	return 0;
}

static const struct file_operations vvb_channel_fops = {
	.owner = THIS_MODULE,
	.open = vvb_channel_open,
	.release = vvb_channel_release,
	.unlocked_ioctl = vvb_channel_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice vvb_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vvb",
	.mode = 0600,
	.fops = &vvb_channel_fops,
};

int vvb_channel_init(void)
{
	return misc_register(&vvb_misc);
}

void vvb_channel_exit(void)
{
	misc_deregister(&vvb_misc);
}
