// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "conf/merge.h"
#include "handler_choice.h"
#include "libvvb/pci.h"

struct handler_choice handler_choice_in(const struct conf_section *section)
{
	const struct conf_value *set = section ? section->set : NULL;

	if (!set || !set[CONF_HANDLER].text)
		return (struct handler_choice) {};
	return (struct handler_choice) {
		.kind = conf_word(conf_keys[CONF_HANDLER].words, set[CONF_HANDLER].text),
		.plugin = set[CONF_PLUGIN].text,
		.arguments = set[CONF_ARGUMENTS].text,
		.line = set[CONF_HANDLER].line,
		.plugin_line = set[CONF_PLUGIN].line,
		.arguments_line = set[CONF_ARGUMENTS].line,
	};
}

/* CONF_NO_PF for none. */
static __u64 pf_of(__u64 vf)
{
	__u64 pf;

	return vvb_pci_pf_of(vf, &pf) ? CONF_NO_PF : pf;
}

struct handler_choice handler_choice_of(const struct conf_file *conf, __u64 vf)
{
	return handler_choice_in(conf_handler_of(conf, vf, pf_of(vf)));
}

const char *forward_of(const struct conf_file *conf, __u64 vf)
{
	const struct conf_value *value = conf_value_of(conf, CONF_FORWARD, vf, pf_of(vf));

	return value ? value->text : NULL;
}
