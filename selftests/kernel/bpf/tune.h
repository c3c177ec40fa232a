/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generations of a policy, for replacing one by the next. device_features reads as the knob
 * `answer` plus the generation, queue_size as the number of times that this was asked.
 * TUNE_KNOBS are the members of the knobs, TUNE_MOST is the largest answer.
 */
#include "vvb.bpf.h"

#define TUNE_USUAL 100

struct tune_knobs {
	TUNE_KNOBS
};

struct tune_state {
	TUNE_STATE asked;
};

VVB_VF_MAP(tune_knobs, struct tune_knobs);
VVB_VF_MAP(tune_state, struct tune_state);

VVB_KNOBS = {
	VVB_KNOB(tune_knobs, struct tune_knobs, answer, NUMBER, "things", 0, TUNE_MOST, TUNE_USUAL,
		 "what the features are said to be"),
	VVB_KNOB(tune_knobs, struct tune_knobs, lie, SWITCH, "", 0, 1, 1, "say it at all"),
};

static int tune_features(struct vvb_access *acc, struct tune_state *state)
{
	struct tune_knobs *knobs = vvb_map_get(&tune_knobs, acc->vf);

	vvb_count(&state->asked);
	if (knobs && !knobs->lie)
		return VVB_DEFAULT;
	acc->value = (knobs ? knobs->answer : TUNE_USUAL) + TUNE_GENERATION;
	return VVB_EMULATE;
}

VVB_ACCESS(tune_access, acc)
{
	struct tune_state zero = {}, *state = vvb_map_get(&tune_state, acc->vf);

	if (!state) {
		vvb_map_put(&tune_state, acc->vf, &zero);
		state = vvb_map_get(&tune_state, acc->vf);
	}
	if (!state || acc->write)
		return VVB_DEFAULT;
	if (acc->field == VVB_FIELD_DEVICE_FEATURES)
		return tune_features(acc, state);
	if (acc->field != VVB_FIELD_QUEUE_SIZE)
		return VVB_DEFAULT;
	acc->value = state->asked;
	return VVB_EMULATE;
}

VVB_POLICY(tune) = {
	.access = (void *)tune_access,
	.name = "tune",
};
