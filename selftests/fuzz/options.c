// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbd's command line, and PCI addresses, which read back as they are written. */
#include "vvbd/options.h"
#include "words.h"

static void check_bdf(const char *text)
{
	char bdf[VVB_BDF_LEN];
	__u64 vf, again;

	if (vvb_bdf_parse(text, &vf))
		return;
	fuzz_check(vf <= 0xffffffff);
	vvb_bdf_format(vf, bdf);
	fuzz_check(!vvb_bdf_parse(bdf, &again) && again == vf);
	/* all that may differ is the domain left out, and upper case */
	fuzz_check(!strcasecmp(bdf + strlen(bdf) - strlen(text), text));
}

static void check_options(const struct options *options, const struct fuzz_words *w)
{
	fuzz_check(options->nr_vfs >= 0 && options->nr_vfs < w->nr);
	fuzz_check(options->log_level >= 0 && options->log_level <= 7);
	for (int i = 0; i < options->nr_vfs; i++)
		fuzz_check(options->vfs[i] <= 0xffffffff);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_words w;
	struct options options;

	fuzz_hush();
	fuzz_words(&w, "vvbd", data, size);
	for (int i = 1; i < w.nr; i++)
		check_bdf(w.word[i]);
	if (options_parse(&options, w.nr, w.word) == OPTIONS_RUN)
		check_options(&options, &w);
	free(options.vfs);
	return 0;
}
