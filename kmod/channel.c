// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/vvb. An open of it is a channel, which claims VFs and may be kept across a daemon's
 * restart. The channel's session is the living daemon: releasing it is death, and settles
 * what was pending as each VF's on_daemon_loss says. include/uapi/vvb.h has the calls. In the
 * kernel, as only a file descriptor says for certain that a process has died.
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
#include "report.h"
#include "vf.h"

/* The calls that are about one VF. */
static long vvb_channel_about(struct vvb_channel *ch, unsigned int cmd, void __user *uarg)
{
	struct vvb_vf_arg arg;

	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;
	if (arg.argsz < sizeof(arg))
		return -EINVAL;
	if (cmd == VVB_IOC_CLAIM && arg.vf == VVB_VF_ALL && arg.flags == VVB_CLAIM_TELL)
		return vvb_claim_stand(ch, VVB_STANDING_TELL);
	if (arg.flags)
		return -EINVAL;
	if (arg.vf == VVB_VF_ALL && cmd == VVB_IOC_CLAIM)
		return vvb_claim_stand(ch, VVB_STANDING_TAKE);
	if (arg.vf == VVB_VF_ALL && cmd == VVB_IOC_DISCLAIM)
		return vvb_claim_stand(ch, VVB_STANDING_NONE);
	if (cmd == VVB_IOC_CLAIM || cmd == VVB_IOC_DISCLAIM)
		return vvb_claim_change(ch, arg.vf, cmd == VVB_IOC_CLAIM);
	if (cmd == VVB_IOC_STATS_RESET && !ch->admin)
		return -EPERM;
	return vvb_report_call(cmd, &arg, uarg);
}

/* Does this exchange take operations? */
static bool vvb_channel_carries(const struct vvb_exchange *x)
{
	return x->flags & VVB_EXCHANGE_OPERATIONS;
}

/* A notice, or the oldest operation, which somebody has decided already, or the oldest request. */
static bool vvb_channel_next(struct vvb_channel *ch, struct vvb_exchange *x)
{
	guard(spinlock)(&vvb_punt_lock);
	ch->late = false;
	ch->carries |= vvb_channel_carries(x);
	if (ch->changed)
		vvb_claim_notice_vfs(ch, &x->request);
	else if (!list_empty(&ch->notices))
		vvb_claim_notice(ch, &x->request);
	else if (vvb_channel_carries(x) && !list_empty(&ch->operations))
		vvb_operation_next(ch, x);
	else if (!list_empty(&ch->queue))
		vvb_punt_next(ch, &x->request);
	else
		return false;
	return true;
}

static long vvb_channel_wait(struct vvb_channel *ch, struct vvb_exchange *x)
{
	long left = x->timeout_ms < 0 ? MAX_SCHEDULE_TIMEOUT : msecs_to_jiffies(x->timeout_ms);

	atomic_inc(&ch->waiting);
	left = wait_event_interruptible_timeout(ch->wait, vvb_channel_next(ch, x), left);
	atomic_dec(&ch->waiting);
	if (left < 0)
		return -EINTR;
	return left ? 0 : -EAGAIN;
}

/* What the session says. Return: 0 or a negative errno; without the flag there is no result. */
static long vvb_channel_listen(struct vvb_exchange *x, const struct vvb_exchange __user *arg)
{
	size_t known = offsetofend(struct vvb_exchange, request);

	if (copy_from_user(x, arg, offsetof(struct vvb_exchange, request)))
		return -EFAULT;
	if (vvb_channel_carries(x))
		known = offsetofend(struct vvb_exchange, result);
	if (x->argsz < known || x->flags & ~VVB_EXCHANGE_OPERATIONS || x->pad || x->timeout_ms < -1)
		return -EINVAL;
	x->operation = (struct vvb_command) {};
	x->result = (struct vvb_result) {};
	if (vvb_channel_carries(x) && copy_from_user(&x->result, &arg->result, sizeof(x->result)))
		return -EFAULT;
	return 0;
}

/* A request that can't be handed over runs into its deadline, like one ignored. */
static long vvb_channel_tell(const struct vvb_exchange *x, struct vvb_exchange __user *arg)
{
	if (copy_to_user(&arg->request, &x->request, sizeof(x->request)))
		return -EFAULT;
	if (!vvb_channel_carries(x))
		return 0;
	return copy_to_user(&arg->operation, &x->operation, sizeof(x->operation)) ? -EFAULT : 0;
}

static long vvb_channel_exchange(struct vvb_channel *ch, struct vvb_exchange __user *arg)
{
	struct vvb_exchange x;
	long err = vvb_channel_listen(&x, arg);
	int answer = 0;

	if (err)
		return err;
	if (x.reply.action != VVB_REPLY_NONE && !vvb_operation_reply(ch, &x, &answer))
		answer = vvb_punt_reply(ch, &x.reply);
	if (answer)
		return answer;
	err = vvb_channel_wait(ch, &x);
	return err ?: vvb_channel_tell(&x, arg);
}

static long vvb_channel_command(struct vvb_channel *ch, struct vvb_own_command __user *arg)
{
	struct vvb_own_command own;
	int err;

	if (copy_from_user(&own, arg, sizeof(own)))
		return -EFAULT;
	if (own.argsz < offsetofend(struct vvb_own_command, result) || own.flags)
		return -EINVAL;
	own.argsz = sizeof(own);
	err = vvb_punt_command(ch, &own);
	if (err)
		return err;
	return copy_to_user(arg, &own, sizeof(own)) ? -EFAULT : 0;
}

static void vvb_channel_free(struct kref *kref)
{
	struct vvb_channel *ch = container_of(kref, struct vvb_channel, kref);
	struct vvb_vf *vf, *next;

	scoped_guard(spinlock, &vvb_punt_lock) {
		list_del(&ch->standing_node);
		list_for_each_entry_safe(vf, next, &ch->vfs, claim.node) {
			vvb_claim_end(vf);
			vvb_claim_offer(vf);
		}
	}
	kfree(ch);
}

static void vvb_session_end(struct vvb_channel *ch)
{
	struct vvb_vf *vf;

	scoped_guard(spinlock, &vvb_punt_lock) {
		ch->live = false;
		ch->late = false;
		ch->carries = false;
		list_for_each_entry(vf, &ch->vfs, claim.node) {
			vvb_punt_lose(ch, vf);
			vvb_operation_lose(ch, vf);
		}
	}
	kref_put(&ch->kref, vvb_channel_free);
}

static int vvb_session_release(struct inode *inode, struct file *file)
{
	vvb_session_end(file->private_data);
	return 0;
}

static long vvb_session_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vvb_channel *ch = file->private_data;
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VVB_IOC_CLAIM:
	case VVB_IOC_DISCLAIM:
		return vvb_channel_about(ch, cmd, uarg);
	case VVB_IOC_EXCHANGE:
		return vvb_channel_exchange(ch, uarg);
	case VVB_IOC_COMMAND:
		return vvb_channel_command(ch, uarg);
	default:
		return -ENOTTY;
	}
}

/* Whoever asks whether there is something for it is heard of. */
static __poll_t vvb_session_poll(struct file *file, poll_table *wait)
{
	struct vvb_channel *ch = file->private_data;

	poll_wait(file, &ch->wait, wait);
	guard(spinlock)(&vvb_punt_lock);
	ch->late = false;
	if (list_empty(&ch->queue) && list_empty(&ch->notices) && !ch->changed &&
	    (!ch->carries || list_empty(&ch->operations)))
		return 0;
	return EPOLLIN | EPOLLRDNORM;
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

	scoped_guard(spinlock, &vvb_punt_lock) {
		if (ch->live)
			return -EBUSY;
		ch->live = true;
	}
	kref_get(&ch->kref);
	fd = anon_inode_getfd("[vvb-session]", &vvb_session_fops, ch, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		vvb_session_end(ch);
	return fd;
}

static long vvb_channel_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vvb_channel *ch = file->private_data;
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VVB_IOC_SESSION:
		return vvb_session_new(ch);
	case VVB_IOC_STATS:
	case VVB_IOC_STATS_RESET:
	case VVB_IOC_EJECTION:
	case VVB_IOC_SHADOW:
		return vvb_channel_about(ch, cmd, uarg);
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
	INIT_LIST_HEAD(&ch->operations);
	INIT_LIST_HEAD(&ch->carried);
	INIT_LIST_HEAD(&ch->notices);
	INIT_LIST_HEAD(&ch->standing_node);
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
