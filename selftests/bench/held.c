// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <unistd.h>

#include "held.h"
#include "tracing.h"

const volatile struct held *held_start(void)
{
	struct bpf_object *object;
	struct held *held;
	void *data;

	object = tracing_load("/lib/vvb/bpf/bench/held.bpf.o", ".data.held", sizeof(*held), &data);
	held = data;
	held->process = (unsigned int)getpid();
	tracing_attach(object);
	return held;
}
