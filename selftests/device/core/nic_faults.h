/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a NIC misbehaves on request, while it is in use. */
#ifndef NIC_FAULTS_H
#define NIC_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

struct nic;

/* What LEGACY_NOTIFY_INFO lists. */
enum nic_notify_list {
	NIC_LIST_MEMBER = 0, /* the VF's own doorbell */
	NIC_LIST_OWNER, /* the slot in the owner's BAR */
	NIC_LIST_OWNER_MEMBER, /* both, the owner's first */
	NIC_LIST_EMPTY, /* the end flag at once */
	NIC_LIST_BAD_BAR, /* member flag, BAR 7 */
	NIC_LIST_MISALIGNED, /* member flag, odd offset */
	NIC_LIST_OUT_OF_RANGE, /* member flag, offset 2^40 */
	NIC_LIST_MSIX_BAR, /* the VF's doorbell in the BAR with its MSI-X table */
	NIC_LIST_NR
};

/**
 * struct nic_faults - how the administration queue misbehaves, and the modern interface of VFs;
 *		all zero: not at all (except what is -1 when it is off)
 * @delay_ns:	latency of each command; commands are served one after the other, and
 *		take effect when they end
 * @fail_nth:	the Nth next command fails (1: the next); counts down, 0 is off. It has
 *		no side effect and no result
 * @fail_status, @fail_qualifier: with these
 * @short_result: results are cut off after so many bytes, -1 is off
 * @hang_queue:	this and all later commands wait; clearing it releases them in order
 * @lose_nth:	the Nth next command is never executed and never completes, the others
 *		go on; counts down, 0 is off
 * @notify_list: what LEGACY_NOTIFY_INFO lists
 * @features_all: VFs say that they offer each feature, as if nobody answered
 * @features_refused: VFs never set FEATURES_OK
 * @reset_slow_ns: for so long after a driver's reset of a VF its status stays what it was before, and
 *		writes to its common configuration are ignored
 * @config_restless: config_generation of VFs changes at each read
 * @queue_size_shown: what queue_size of VFs reads as, -1 is off
 * @notify_off_shown: what queue_notify_off of VFs reads as, -1 is off
 * @stamp_doorbells: when a doorbell of a VF was rung last, in nanoseconds, is written into 8 bytes behind
 *		the used ring and its avail_event, before its queue is served
 */
struct nic_faults {
	uint64_t delay_ns;
	uint32_t fail_nth;
	uint16_t fail_status;
	uint16_t fail_qualifier;
	int32_t short_result;
	bool hang_queue;
	uint32_t lose_nth;
	enum nic_notify_list notify_list;
	bool features_all;
	bool features_refused;
	uint64_t reset_slow_ns;
	bool config_restless;
	int32_t queue_size_shown;
	int32_t notify_off_shown;
	bool stamp_doorbells;
};

/* Nothing is wrong. */
void nic_faults_init(struct nic_faults *f);

/* The live settings: fail_nth and lose_nth as counted down so far. */
void nic_get_faults(const struct nic *nic, struct nic_faults *f);

/* Takes effect at once; a command already in service keeps its deadline. */
void nic_set_faults(struct nic *nic, const struct nic_faults *f);

/* Another flr_busy_ns, for the resets to come. */
void nic_set_flr_busy(struct nic *nic, uint64_t ns);

/* Link of one function up or down: status in its config, config change interrupt. A disk has none. */
void nic_set_link(struct nic *nic, unsigned int fn, bool up);
bool nic_link(const struct nic *nic, unsigned int fn);

/* The function sets DEVICE_NEEDS_RESET for a driver of the modern interface, and tells it. */
void nic_needs_reset(struct nic *nic, unsigned int fn);

/* The function loses its virtio state and tells nobody. MSI-X stays as it was. */
void nic_surprise_reset(struct nic *nic, unsigned int fn);

#endif /* NIC_FAULTS_H */
