/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * libvvb - talk to virtio_vfio_bpf, the driver that shows a legacy guest a modern VF
 *
 *   channel	/dev/vvb: claim VFs, receive their register accesses, answer them
 *   forward	be the process that has a PF, and carry out what vvbd passes on
 *   admin	turn an access into an administration command, byte by byte
 *   vf		find the VFs bound to the driver, read and write their attributes
 *   policy	load, pin, list and remove the BPF programs that decide
 *   knob	tune them
 *   events	read what they record
 *   report	why a policy was ejected, what a shadow would do
 *   stats	counters
 *
 * Programs include <vvb/vvb.h> and are compiled as `pkg-config --cflags --libs libvvb` says.
 *
 * Every function that returns int returns 0 (or a count, or a file descriptor, where
 * said so) on success and a negative errno on failure; none sets errno on purpose. They
 * keep no state between calls, so threads need care only with what they share: a
 * session's file descriptor is good for one thread at a time.
 *
 * Structs that are filled in may grow at their ends. Whoever is compiled against this header says
 * how large they are to him: functions NAME_sized() take the size, and NAME() below is the same
 * for C and C++, which knows it. Members that the library, or the kernel, does not know are zero.
 * struct vvb_request, vvb_reply and vvb_command keep their sizes: the first two have room in
 * them. struct vvb_knob and struct vvb_access_event stay as they are: BPF objects hold to them, too,
 * and more gets a struct and a function of its own.
 *
 * A VF is named by its PCI address, "0000:01:00.1" or "01:00.1", or by the same address
 * as a number, VVB_VF_ID(), which is also the key of per-VF BPF maps.
 *
 * Environment, for tests and containers, ignored in set-user-id programs: VVB_DEVICE
 * (/dev/vvb), VVB_SYSFS (/sys), VVB_BPFFS (/sys/fs/bpf).
 */
#ifndef LIBVVB_H
#define LIBVVB_H

#include <stdbool.h>
#include <stddef.h>

#include <vvb/admin.h>
#include <vvb/event.h>
#include <vvb/knob.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VVB_DRIVER "virtio_vfio_bpf"
#define VVB_BDF_LEN 13 /* "0000:00:00.0" and the zero; domains of 4 digits */
#define VVB_WORD_LEN 16 /* a word in an attribute, or a policy's name */
#define VVB_CAPABLE_LEN 96
#define VVB_VERSION_LEN 32

/* ---- names ------------------------------------------------------------------- */

/**
 * vvb_field_name - the specification's name of a register, in lower case
 * @field:	enum vvb_field
 *
 * Return: the name, "?" for a number that has none. The same holds for the five below.
 */
const char *vvb_field_name(unsigned int field);
const char *vvb_verdict_name(unsigned int verdict); /* "default", "notify", ... */
const char *vvb_handler_name(unsigned int handler); /* "notify", "kernel", ... */
const char *vvb_event_name(unsigned int event); /* "illegal_verdict", ... */
const char *vvb_opcode_name(unsigned int opcode); /* "legacy_common_cfg_write", ... */

/**
 * vvb_config_field_name - the specification's name of a field of the device configuration (virtio 1.3, 5)
 * @device_type: virtio's number; a modern PCI function's is its device ID less 0x1040
 * @offset:	any byte of it, from the beginning of the device configuration
 */
const char *vvb_config_field_name(unsigned int device_type, unsigned int offset); /* "mac", ... */

/**
 * vvb_strerror - what an errno means, also one that strerror(3) has no words for
 * @err:	errno, or negative: the kernel's own that bpf() lets out, libbpf's, a policy's
 *
 * Return: a text that the thread's next call may change.
 */
const char *vvb_strerror(int err);

/* ---- channel ----------------------------------------------------------------- */

/**
 * vvb_open - open the driver's device as a channel
 *
 * A channel claims VFs and may outlive a daemon (kept in a service manager's fd store).
 * The credentials it was opened with count for vvb_claim(), not later ones.
 *
 * Return: a file descriptor, close-on-exec, to be closed with close(). -ENOENT: module
 * not loaded. -EACCES, -EMFILE: as open().
 */
int vvb_open(void);

/**
 * vvb_session - become the daemon of a channel
 * @channel:	from vvb_open()
 *
 * Closing the session, or dying, is the daemon's death: what waits for it is answered
 * as each VF's on_daemon_loss says. Never hand it on.
 *
 * Return: a file descriptor, close-on-exec. -EBUSY: the channel has a session already.
 */
int vvb_session(int channel);

/**
 * vvb_claim - have the punted accesses of a VF delivered to this session
 * @session:	from vvb_session()
 * @vf:		VVB_VF_ID
 *
 * Return: 0. -ENODEV: no such VF bound to the driver. -EBUSY: claimed by another channel.
 * -EPERM: the channel's opener is not the VF's daemon_uid.
 */
int vvb_claim(int session, __u64 vf);

/* Give a VF back. Return: 0. -EPERM: not this channel's. -ENODEV: no such VF. */
int vvb_disclaim(int session, __u64 vf);

/**
 * vvb_claim_coming - what is to become of VFs that are bound from now on
 * @session:	from vvb_session()
 * @take:	each that is to be had is this channel's as it comes, as are those that are there now; or
 *		nothing is taken. Either way a notice VVB_REQUEST_VFS tells that VFs have come or gone
 *
 * It is the channel's, and ended by vvb_disclaim() of VVB_VF_ALL, which gives nothing back. Return: 0.
 * -ENODEV, -EINVAL: an older module, which does not know of it.
 */
int vvb_claim_coming(int session, bool take);

/**
 * vvb_exchange - answer one access and wait for the next, in one system call
 * @session:	from vvb_session()
 * @reply:	answer to the last request; NULL to only wait
 * @request:	filled in; of another kind than VVB_REQUEST_ACCESS, it is a notice and takes no reply
 * @timeout_ms:	milliseconds to wait for a request; -1 for ever, 0 not at all
 *
 * Return: 0 with @request filled in. When the reply is refused nothing is waited for:
 * -ENOENT, no such request pends (answered too late, or twice); -EINVAL, malformed, and
 * the kernel did the access itself. -EAGAIN: no request in time. -EINTR: a signal came;
 * the reply has been delivered.
 */
int vvb_exchange(int session, const struct vvb_reply *reply, struct vvb_request *request,
		 int timeout_ms);

/**
 * vvb_command - run an administration command of one's own
 * @session:	from vvb_session()
 * @id:		the request in hand, on whose VF's behalf it runs
 * @cmd:	the command
 * @result:	@cmd->result_len bytes, at most 8, or NULL
 *
 * Return: 0. -EINVAL: malformed, or not for this VF. -ENOENT: no such request held.
 * -EBUSY: one runs already. -EDEADLK: the VF's owner is the daemon, who would wait for itself.
 * Otherwise the negative errno that the device's status stands for.
 */
int vvb_command(int session, __u64 id, const struct vvb_command *cmd, void *result);

/**
 * vvb_exchange_operations - the same, and take operations: be the owner of VFs whose `owner` is `daemon`
 * @session:	from vvb_session()
 * @reply:	as vvb_exchange()
 * @result:	with the action VVB_REPLY_RESULT: what came of the operation, see vvb/result.h; else NULL
 * @request:	filled in
 * @operation:	filled in, when the kind is VVB_REQUEST_OPERATION: the administration command to be
 *		carried out
 * @timeout_ms:	as vvb_exchange()
 *
 * uapi/vvb.h has the rules, at VVB_EXCHANGE_OPERATIONS. Return: as vvb_exchange(); -EINVAL with no reply
 * given: an older module, which has no such owner.
 */
int vvb_exchange_operations(int session, const struct vvb_reply *reply,
			    const struct vvb_result *result, struct vvb_request *request,
			    struct vvb_command *operation, int timeout_ms);

/* ---- forward ----------------------------------------------------------------- */

struct vvb_forward;

/**
 * vvb_forward_carry - carry out one administration command; given by the process
 * @arg:	as it was given
 * @vf:		VVB_VF_ID
 * @command:	the device-readable part, of one of the opcodes 2 to 6
 * @result:	to be filled in with the device-writable part, of which no more than 8 and
 *		@command->result_len bytes are of use; a refusal when nothing is
 *
 * What comes is vvbd's word: whose VFs are served is for the process to check.
 */
typedef void (*vvb_forward_carry)(void *arg, __u64 vf, const struct vvb_command *command,
				  struct vvb_result *result);

/**
 * vvb_forward_listen - listen for vvbd
 * @path:	of a UNIX socket, `forward` in vvb.conf(5). What a process that has died has left there is
 *		removed. The caller's user may connect, and who else chmod() and chown() let
 * @forward:	to be given to vvb_forward_close()
 *
 * Return: 0. -EADDRINUSE: somebody listens there, or it is no socket. -ENAMETOOLONG. As bind(2).
 */
int vvb_forward_listen(const char *path, struct vvb_forward **forward);

/* A file descriptor that is readable when vvb_forward_serve() has something to do. */
int vvb_forward_fd(const struct vvb_forward *forward);

/**
 * vvb_forward_serve - have the commands carried out that have come
 * @forward:	from vvb_forward_listen()
 * @carry:	does it, one after the other, in the order in which they are to be done
 * @arg:	for it
 * @timeout_ms:	to wait for something to do; -1 for ever, 0 not at all
 *
 * Return: how many, 0 also when somebody has connected. -EINTR: a signal came. -errno, after which it may
 * be called again.
 */
int vvb_forward_serve(struct vvb_forward *forward, vvb_forward_carry carry, void *arg,
		      int timeout_ms);

/* Hang up, and remove the socket. What vvbd has sent and nobody has carried out fails. */
void vvb_forward_close(struct vvb_forward *forward);

/* ---- admin ------------------------------------------------------------------- */

/**
 * vvb_admin_for_request - the administration command that carries out an access
 * @request:	one register access
 * @cmd:	filled in, every byte of it
 *
 * Return: 0. -EINVAL: the request names no register, part of a common one, or more than
 * eight bytes.
 */
int vvb_admin_for_request(const struct vvb_request *request, struct vvb_command *cmd);

/* ---- vf ---------------------------------------------------------------------- */

/**
 * struct vvb_vf - a VF bound to the driver, and its attributes
 * @id:		VVB_VF_ID
 * @member_id:	group member id: VF number, 1-based
 * @bdf:	PCI address
 * @legacy:	"auto", "only" or "off"
 * @interface:	what the guest sees while the VF is open: "transitional", "legacy" (no
 *		modern interface beside it) or "modern"; else "closed"
 * @policy:	name of the policy selected, or "none"
 * @policy_state: "none", "active", "idle" (it is asked nothing, as there is no legacy interface),
 *		"missing", "refused" or "ejected"
 * @shadow:	name of the policy that only shows what it would do, or "none"
 * @on_daemon_loss: "kernel", "fail" or "wait"
 * @daemon:	"none", "live", "late" or "lost"
 * @notify:	how notifies travel while the VF is open: "member" (an address in its own BAR) or
 *		"command"; else "closed"
 * @punt_timeout_ms: deadline of a punted access, milliseconds
 * @admin_timeout_ms: deadline of an administration command, milliseconds; 0 for none
 * @policy_budget_us: how long a callback of a policy may take, microseconds; 0 for no limit
 * @daemon_uid:	who may claim it
 * @stalled:	1 while a command given up is unanswered by the device, else 0
 * @pf_stalled:	how many such commands its PF has
 * @intx:	"auto" or "off"
 * @interrupt:	how the VF's user is told of interrupts while it is open: "intx", "msix", "none"
 *		yet; "polled": by INTx, but there are no vectors for it; else "closed"
 * @policy_required: "yes": it does not open while policy_state is not "active"; or "no"
 * @capable:	the most that @legacy can be, and why not more: "only", "auto: why", "off: why"
 * @owner:	who is to carry out legacy operations: "auto", "pf", "self" or "daemon"
 * @owner_active: who does while the VF is open, or would; "none": nobody can
 * @queue_size_max: the guest sees no queue with more entries; 0 for no limit
 * @features_offered, @features_chosen, @features_taken: of a VF that is its own owner, and open: by the
 *		device, by the guest, and what the device was given then; 0 until there is something
 * @ioeventfds:	that its user has registered for kicks
 * @kicks_by_vmm, @kicks_by_ioeventfd, @kicks_by_thread: kicks that its user has written; that were signalled,
 *		and done right there; that were signalled, and left to a thread
 *
 * A word that the driver doesn't tell is "", a number 0: an older one does not know all of them.
 */
struct vvb_vf {
	__u64 id;
	__u64 member_id;
	char bdf[VVB_BDF_LEN];
	char legacy[VVB_WORD_LEN];
	char interface[VVB_WORD_LEN];
	char policy[VVB_WORD_LEN];
	char policy_state[VVB_WORD_LEN];
	char shadow[VVB_WORD_LEN];
	char on_daemon_loss[VVB_WORD_LEN];
	char daemon[VVB_WORD_LEN];
	char notify[VVB_WORD_LEN];
	unsigned int punt_timeout_ms;
	unsigned int admin_timeout_ms;
	unsigned int policy_budget_us;
	unsigned int daemon_uid;
	unsigned int stalled;
	unsigned int pf_stalled;
	char intx[VVB_WORD_LEN];
	char interrupt[VVB_WORD_LEN];
	char policy_required[VVB_WORD_LEN];
	char capable[VVB_CAPABLE_LEN];
	char owner[VVB_WORD_LEN];
	char owner_active[VVB_WORD_LEN];
	unsigned int queue_size_max;
	__u64 features_offered;
	__u64 features_chosen;
	__u64 features_taken;
	__u64 ioeventfds;
	__u64 kicks_by_vmm;
	__u64 kicks_by_ioeventfd;
	__u64 kicks_by_thread;
};

/**
 * vvb_bdf_parse - read a PCI address
 * @text:	"DDDD:BB:DD.F", or without the domain for domain 0; hexadecimal
 * @vf:		VVB_VF_ID
 *
 * Return: 0, or -EINVAL.
 */
int vvb_bdf_parse(const char *text, __u64 *vf);

/* Write the PCI address of @vf, with its domain. */
void vvb_bdf_format(__u64 vf, char bdf[VVB_BDF_LEN]);

/**
 * vvb_vf_list - all VFs bound to the driver, in ascending order of address
 * @vfs:	an array to be given to free(); NULL when there are none
 *
 * A VF that goes away meanwhile is left out; what can't be read of another is left empty.
 * Return: how many. -ENOENT: the module is not loaded. -ENOMEM.
 */
int vvb_vf_list_sized(struct vvb_vf **vfs, size_t size);

static inline int vvb_vf_list(struct vvb_vf **vfs)
{
	return vvb_vf_list_sized(vfs, sizeof(**vfs));
}

/**
 * vvb_vf_get - one VF
 * @id:		VVB_VF_ID
 * @vf:		filled in, as far as it can be even when that fails
 *
 * Return: 0. -ENODEV: it is not bound to the driver. -EOVERFLOW, -EPROTO: an attribute makes no
 * sense here.
 */
int vvb_vf_get_sized(__u64 id, struct vvb_vf *vf, size_t size);

static inline int vvb_vf_get(__u64 id, struct vvb_vf *vf)
{
	return vvb_vf_get_sized(id, vf, sizeof(*vf));
}

/**
 * vvb_vf_set - write an attribute
 * @id:		VVB_VF_ID
 * @attribute:	"legacy", "intx", "owner", "policy", "policy_required", "shadow", "policy_budget_us",
 *		"on_daemon_loss", "punt_timeout_ms", "admin_timeout_ms", "queue_size_max", "daemon_uid"; or "eject", which ends the
 *		VF's policy, with the reason for the report as value
 * @value:	as text
 *
 * Return: 0. -ENODEV: not bound to the driver. -EINVAL: no such attribute, or value.
 * -EBUSY: legacy, intx or owner, while the VF is open. -ENOENT: no such policy, or none to eject.
 * -EOPNOTSUPP: policy or shadow, and the kernel has no BPF for us. -EINVAL: a shadow that is
 * not stateless. -EACCES. A policy may refuse with an errno of its own.
 */
int vvb_vf_set(__u64 id, const char *attribute, const char *value);

/**
 * vvb_driver_api - does the module speak the language of this library, VVB_API_VERSION?
 * @why:	"", or a sentence: which of the two is older, both versions, and what to do
 * @size:	of @why; 256 is enough
 *
 * A program asks once, as it starts, before vvb_open(). With another module, calls have other
 * numbers or other meanings. A module that was made before there were versions has version 0.
 * Return: 0. -EPROTO: another version. -ENOENT: the module is not loaded. -EBADMSG: its version is
 * no number.
 */
int vvb_driver_api(char *why, size_t size);

/**
 * vvb_version - the release that this library is of, "0.2.0"
 *
 * All parts of a release are made to be used together, the module too; only what vvb_driver_api()
 * compares keeps others from it.
 */
const char *vvb_version(void);

/**
 * vvb_driver_version - the release that the module is of
 * @version:	"" when it is not told
 *
 * Return: 0. -ENOENT: the module is not loaded, or does not tell. -EOVERFLOW: it is longer than any.
 */
int vvb_driver_version(char version[VVB_VERSION_LEN]);

/**
 * vvb_driver_bpf - can policies be loaded?
 * @why:	"available", or "unavailable: " and the reason
 * @size:	of @why
 *
 * Return: 0 when available, -EOPNOTSUPP when not, -ENOENT: the module is not loaded.
 */
int vvb_driver_bpf(char *why, size_t size);

/* ---- policy ------------------------------------------------------------------ */

#define VVB_PIN_LEN 128

/**
 * struct vvb_policy - a policy or a guard
 * @name:	of a policy, unique; of a guard, that of its pin or else of its program
 * @guard:	asked for every VF, before the VF's policy
 * @registered:	the driver knows it; always set for guards
 * @users:	VFs that select it
 * @link:	id of its BPF link, 0 when unknown
 * @pin:	where its link is pinned, "" when not: then it lives as long as its loader
 * @asked:	of a guard, the when-th it is asked, from 1: the last that was attached is the first.
 *		0 for a policy, and when not all guards can be seen
 */
struct vvb_policy {
	char name[VVB_WORD_LEN];
	bool guard;
	bool registered;
	unsigned int users;
	__u32 link;
	char pin[VVB_PIN_LEN];
	unsigned int asked;
};

/**
 * vvb_policy_load - load a BPF object with a policy, or a guard, and leave it in place
 * @file:	path of the object
 * @name:	NULL for the object's own: a policy's .name, a guard's file name
 * @loaded:	filled in on success, or NULL
 * @log:	on failure: why, in a line or some; behind an empty line what libbpf and the verifier
 *		said, if they did, of which the beginning gives way where there is no room for all
 * @log_size:	of @log
 *
 * The link is pinned as vvb/NAME/link in the BPF file system, each map of the object
 * as vvb/NAME/maps/MAP, the declarations of its knobs as vvb/NAME/knobs. Where maps are pinned
 * under that name without a link, as somebody has removed its pin, the object goes on with them
 * as in vvb_policy_update(). All or nothing: on failure what is pinned is what was before. Of a
 * process that is killed, the next call for that name, be it vvb_knob_get(), ends what it was at.
 * Processes that load or unload take turns. Not to be called by two threads at once, as libbpf
 * has one place for its messages.
 *
 * Return: 0. -EEXIST: name taken. -ERANGE: see vvb_policy_update(). -ETIMEDOUT: see
 * vvb_knob_set(). -EOPNOTSUPP: see vvb_driver_bpf(). -EINVAL: neither
 * policy nor guard in it, or refused by verifier or driver. -EPERM: needs CAP_BPF and
 * CAP_PERFMON. -ENOENT: no such file, or module not loaded, or the declarations of knobs are not
 * pinned any more, and a map with values has another layout.
 */
int vvb_policy_load_sized(const char *file, const char *name, struct vvb_policy *loaded,
			  size_t size, char *log, size_t log_size);

static inline int vvb_policy_load(const char *file, const char *name, struct vvb_policy *loaded,
				  char *log, size_t log_size)
{
	return vvb_policy_load_sized(file, name, loaded, sizeof(*loaded), log, log_size);
}

/**
 * vvb_policy_update - replace a loaded policy in place
 * @file, @name, @log, @log_size: as for vvb_policy_load(); a policy of that name is pinned
 * @updated:	filled in on success, or NULL
 *
 * Its VFs go over to the new program between two accesses. Maps of the same name and layout
 * are kept with what is in them; of others the values of knobs are carried over by name. All
 * or nothing, but for the pins of maps when the BPF file system fails.
 *
 * Return: 0. -ENOENT: no such policy, or file. -ERANGE: a VF has set a knob to what the new
 * policy doesn't take. -EOPNOTSUPP: a guard. Else as vvb_policy_load().
 */
int vvb_policy_update_sized(const char *file, const char *name, struct vvb_policy *updated,
			    size_t size, char *log, size_t log_size);

static inline int vvb_policy_update(const char *file, const char *name, struct vvb_policy *updated,
				    char *log, size_t log_size)
{
	return vvb_policy_update_sized(file, name, updated, sizeof(*updated), log, log_size);
}

/**
 * vvb_policy_unload - remove the pins of a policy or guard: it ends at once
 * @name:	its name
 * @log:	on failure, what else there is to say: with -EBUSY, who holds the guard
 * @log_size:	of @log
 *
 * VFs that select it fall back to the kernel's default until the name comes back. What is left of
 * one whose link was unpinned by hand is removed, too. A policy that another tool has registered, be it
 * pinned or held by a process, ends as well, and so do its pins; a guard of another tool does not. Not to
 * be called by two threads at once.
 *
 * Return: 0. -ENOENT: there is nothing of that name to end. -EINVAL: not a name. -EBUSY: a guard whose
 * pins are removed now, but which rules on, as another pin or a process holds its link.
 * -ETIMEDOUT: see vvb_knob_set().
 */
int vvb_policy_unload(const char *name, char *log, size_t log_size);

/**
 * vvb_policy_list - what the driver has registered and what is pinned, together
 * @policies:	an array to be given to free(); NULL when there are none
 *
 * Guards come last, in the order in which they are asked, until one has an opinion. Those that
 * were loaded by other tools are found too, for a caller that may look at BPF links
 * (CAP_SYS_ADMIN); without that right they are left out, see vvb_policy_visible().
 * Return: how many. -ENOENT: the module is not loaded. -ENOMEM.
 */
int vvb_policy_list_sized(struct vvb_policy **policies, size_t size);

static inline int vvb_policy_list(struct vvb_policy **policies)
{
	return vvb_policy_list_sized(policies, sizeof(**policies));
}

/**
 * vvb_policy_visible - does vvb_policy_list() tell of all guards and pins?
 *
 * Return: 0. -EPERM: those are for CAP_SYS_ADMIN to see, or the directory of pins is another's.
 */
int vvb_policy_visible(void);

/* ---- knobs ------------------------------------------------------------------- */

#define VVB_KNOB_TEXT_LEN 24

/**
 * vvb_knobs - what a loaded policy or guard can be tuned by
 * @policy:	its name, as loaded by vvb_policy_load()
 * @knobs:	an array to be given to free(); NULL when there are none
 *
 * Return: how many. -ENOENT: nothing of that name is pinned. -EPROTO: what is pinned is no
 * such declarations. -ETIMEDOUT: see vvb_knob_set().
 */
int vvb_knobs(const char *policy, struct vvb_knob **knobs);

/* The knob of that name, NULL when there is none. */
struct vvb_knob *vvb_knob_find(struct vvb_knob *knobs, int nr, const char *name);

/* A VF's value. Return: 0, -EPROTO the map is not what was declared, -errno as vvb_knobs(). */
int vvb_knob_get(const char *policy, const struct vvb_knob *knob, __u64 vf, __u64 *value);

/**
 * vvb_knob_set - tune; with effect from the next access
 * @policy:	its name
 * @name:	of the knob
 * @vf:		VVB_VF_ID; need not be bound
 * @value:	a number, 0 or 1 for a switch
 *
 * Processes that set knobs at once, or replace the policy, take turns.
 *
 * Return: 0. -ENOENT: no such policy or knob. -ERANGE. -EPROTO. -E2BIG: the map is full.
 * -ETIMEDOUT: others have not ended their turns for ten seconds.
 */
int vvb_knob_set(const char *policy, const char *name, __u64 vf, __u64 value);

/* A value from text: decimal, 0x..., on, off. Return: 0, -EINVAL no number, -ERANGE. */
int vvb_knob_parse(const struct vvb_knob *knob, const char *text, __u64 *value);

/* And as text again. */
void vvb_knob_format(const struct vvb_knob *knob, __u64 value, char text[VVB_KNOB_TEXT_LEN]);

/* ---- events ------------------------------------------------------------------ */

/**
 * vvb_events - take what is in the ring buffer of a loaded policy or guard
 * @policy:	its name
 * @wait_ms:	for how long to wait for more, 0: not at all
 * @call:	called for each; anything but 0 ends it
 * @arg:	for @call
 *
 * What was taken is gone: one reader at a time.
 * Return: how many. -ENOENT: no such policy. -ENODATA: it has no ring buffer. What @call said.
 */
int vvb_events(const char *policy, unsigned int wait_ms,
	       int (*call)(const struct vvb_access_event *event, void *arg), void *arg);

/* ---- report ------------------------------------------------------------------ */

/*
 * Reports and counters are filled in by the kernel, which is told the size that the caller knows:
 * argsz is how much of it the kernel knows, too, and what is behind that is zero. -EINVAL: shorter
 * than struct vvb_vf_arg, which all begin with.
 */

/* "none", "illegal_verdict", ... for enum vvb_ejection_kind; "?" for what has no name. */
const char *vvb_ejection_kind(unsigned int kind);

/* The same as a sentence. */
const char *vvb_ejection_reason(unsigned int kind);

/**
 * vvb_ejection_read - why a VF lost its policy
 * @channel:	from vvb_open()
 * @vf:		VVB_VF_ID
 * @ejection:	filled in; kind is VVB_EJECTED_NOT when it did not since one was selected
 *
 * Return: 0. -ENODEV: no such VF.
 */
int vvb_ejection_read_sized(int channel, __u64 vf, struct vvb_ejection *ejection, size_t size);

static inline int vvb_ejection_read(int channel, __u64 vf, struct vvb_ejection *ejection)
{
	return vvb_ejection_read_sized(channel, vf, ejection, sizeof(*ejection));
}

/**
 * vvb_shadow_read - what a VF's shadow would have done, since it was chosen
 * @channel:	from vvb_open()
 * @vf:		VVB_VF_ID
 * @shadow:	filled in; policy is "" when there is none
 *
 * Return: 0. -ENODEV: no such VF.
 */
int vvb_shadow_read_sized(int channel, __u64 vf, struct vvb_shadow *shadow, size_t size);

static inline int vvb_shadow_read(int channel, __u64 vf, struct vvb_shadow *shadow)
{
	return vvb_shadow_read_sized(channel, vf, shadow, sizeof(*shadow));
}

/* ---- stats ------------------------------------------------------------------- */

/**
 * vvb_stats_read - a VF's counters since the driver was bound, or the last reset
 * @channel:	from vvb_open()
 * @vf:		VVB_VF_ID
 * @stats:	filled in
 *
 * Return: 0. -ENODEV: no such VF.
 */
int vvb_stats_read_sized(int channel, __u64 vf, struct vvb_stats *stats, size_t size);

static inline int vvb_stats_read(int channel, __u64 vf, struct vvb_stats *stats)
{
	return vvb_stats_read_sized(channel, vf, stats, sizeof(*stats));
}

/* Set a VF's counters to zero. Return: 0. -ENODEV. -EPERM: root only. */
int vvb_stats_reset(int channel, __u64 vf);

/* Mean latency in nanoseconds of the accesses that were timed, 0 when none was. */
__u64 vvb_stats_mean_ns(const struct vvb_field_stats *field);

#ifdef __cplusplus
}
#endif

#endif /* LIBVVB_H */
