/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A struct_ops of somebody else's: TCP congestion control that does as little as the kernel
 * accepts. TCP_CALL is run in one of its callbacks.
 */
#include "vvb.bpf.h"

/* The members that are set: libbpf leaves the suffix out, and finds the kernel's by name. */
struct tcp_congestion_ops___vvb {
	u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);
	u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
};

SEC("struct_ops/ssthresh") u32 BPF_PROG(tcp_ssthresh, struct sock *sk)
{
	TCP_CALL(sk);
	return 2;
}

SEC("struct_ops/cong_avoid") void BPF_PROG(tcp_cong_avoid, struct sock *sk, u32 ack, u32 acked)
{
}

SEC("struct_ops/undo_cwnd") u32 BPF_PROG(tcp_undo_cwnd, struct sock *sk)
{
	return 2;
}

SEC(".struct_ops")
struct tcp_congestion_ops___vvb tcp_ops = {
	.ssthresh = (void *)tcp_ssthresh,
	.cong_avoid = (void *)tcp_cong_avoid,
	.undo_cwnd = (void *)tcp_undo_cwnd,
	.name = "vvb_test",
};
