// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "events.h"
#include "tracing.h"

const volatile struct events *events_start(const int threads[EVENTS_THREADS])
{
	struct bpf_object *object;
	struct events *events;
	unsigned int i;
	void *data;

	object = tracing_load("/lib/vvb/bpf/bench/events.bpf.o", ".data.events", sizeof(*events),
			      &data);
	events = data;
	for (i = 0; i < EVENTS_THREADS; i++)
		events->thread[i] = (unsigned int)threads[i];
	tracing_attach(object);
	return events;
}
