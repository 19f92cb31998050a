/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swhook: signs, sends, verifies and shows callbacks as SignalWire's are, by
 * the same core as the module. See docs/swhook.1.
 */
#include <apr_general.h>
#include <apr_signal.h>

#include "tool/tool.h"

static int run(tool_t *tool)
{
    if (strcmp(tool->command, "sign") == 0)
        return run_sign(tool);
    if (strcmp(tool->command, "send") == 0)
        return run_send(tool);
    return strcmp(tool->command, "verify") == 0 ? run_verify(tool)
                                                : run_show(tool);
}

int main(int argc, const char *const *argv)
{
    tool_t tool = { .pool = NULL };
    int status;

    if (apr_initialize() || apr_pool_create(&tool.pool, NULL)
        || apr_file_open_stdout(&tool.out, tool.pool)
        || apr_file_open_stderr(&tool.err, tool.pool))
        return USAGE;
    apr_signal(SIGPIPE, SIG_IGN); /* writes fail with EPIPE */
    status = read_options(&tool, argc, argv);
    if (status < 0)
        status = run(&tool);
    if (tool.is_cut)
        status = expected(&tool, "standard output",
                          "something that takes all of it");
    apr_pool_destroy(tool.pool);
    apr_terminate();
    return status;
}
