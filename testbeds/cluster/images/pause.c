// SPDX-License-Identifier: Apache-2.0
//
// The process that holds a pod's namespaces. It is process 1 of the pod: it reaps whatever is left
// to it, and ends when it is asked to.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	sigset_t awaited;

	// Waited for and never handled: process 1 is not sent signals that it leaves at their
	// default, but those that it blocks stay pending for sigwait.
	sigemptyset(&awaited);
	sigaddset(&awaited, SIGINT);
	sigaddset(&awaited, SIGTERM);
	sigaddset(&awaited, SIGCHLD);
	sigprocmask(SIG_BLOCK, &awaited, NULL);

	for (;;) {
		int signal = 0;

		if (sigwait(&awaited, &signal) == 0 && signal != SIGCHLD)
			return 0;
		while (waitpid(-1, NULL, WNOHANG) > 0)
			continue;
	}
}
