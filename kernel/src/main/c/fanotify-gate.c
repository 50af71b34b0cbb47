// SPDX-License-Identifier: Apache-2.0
/*
 * Owns a fanotify group and holds what its marks say: the exec of a binary, the open of a
 * directory. Another program, at the other end of standard input and output, is told of each and
 * answers.
 *
 * Whatever it does, nothing is held longer than HOLD_MAX_NS: then this program allows it itself.
 * It is a process of its own, and the only one with a descriptor of the group, so that
 *  - a stopped, overloaded or crashed program delays nobody for longer than that, and nobody at all
 *    once it has been silent for SILENCE_MAX_NS;
 *  - descriptors that the other program uses up are not missing here (without one for the event
 *    the kernel would deny the exec);
 *  - the end of this process, for whatever reason, ends the group, and the kernel allows
 * everything. It opens and executes nothing once it holds the first mark, so it never waits for
 * itself.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "gate-processes.h"
#include "gate-protocol.h"

#define HOLD_MAX_NS    200000000LL
#define SILENCE_MAX_NS 2000000000LL
#define NS_PER_MS      1000000LL
#define NS_PER_SECOND  1000000000LL
#define SLOTS	       256
#define SPARE_FDS      16
#define FOLLOWED       64
#define INPUT_BYTES    (8 * (PATH_BYTES_MAX + 16))

struct slot {
	int fd; /* -1: free */
	uint32_t number;
	bool is_exec;
	int process;
	uint64_t device;
	uint64_t inode;
	int64_t deadline_ns;
};

/* A number of a process is used again, so when it started says whose it is. */
struct process {
	int pid; /* 0: none */
	unsigned long long start_ticks;
	uint64_t device; /* of the file that it executes */
	uint64_t inode;
};

static struct slot slots[SLOTS];
static unsigned int slots_usable = SLOTS;
static unsigned int slots_used;
static struct process followed[FOLLOWED];
static unsigned int followed_next;
static int group = -1;
static int folders = -1;
static pid_t other_program;
static uint64_t late;
static int64_t heard_ns;

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

/* False if the other program does not keep up: the pipe takes a whole report or nothing. */
static bool send_report(struct report *report)
{
	report->late = late;
	return write(STDOUT_FILENO, report, sizeof(*report)) == sizeof(*report);
}

static void allow(int fd)
{
	struct fanotify_response response = {.fd = fd, .response = FAN_ALLOW};

	/* An error means that nobody waits for this answer any more. */
	(void)!write(group, &response, sizeof(response));
	close(fd);
}

static struct slot *slot_of(uint32_t number)
{
	struct slot *slot = &slots[number % SLOTS];

	return slot->fd >= 0 && slot->number == number ? slot : NULL;
}

static void release(struct slot *slot)
{
	allow(slot->fd);
	slot->fd = -1;
	slots_used--;
}

static struct slot *free_slot(void)
{
	for (unsigned int i = 0; i < slots_usable; i++)
		if (slots[i].fd < 0)
			return &slots[i];
	return NULL;
}

static void follow(const struct slot *slot)
{
	struct process *process = &followed[followed_next++ % FOLLOWED];

	process->pid = slot->process;
	process->start_ticks = start_ticks(slot->process);
	process->device = slot->device;
	process->inode = slot->inode;
}

static bool is_followed(int pid, const struct report *report)
{
	for (unsigned int i = 0; pid && i < FOLLOWED; i++)
		if (followed[i].pid == pid && followed[i].inode == report->inode &&
		    followed[i].device == report->device &&
		    followed[i].start_ticks == start_ticks(pid))
			return true;
	return false;
}

/*
 * A runtime executes itself again, and its child does so too. Nothing is to be learned from that,
 * so nobody is to wait for the other program because of it.
 */
static bool is_part_of_followed(const struct report *report)
{
	return report->kind == REPORT_EXEC &&
	       (is_followed(report->process, report) || is_followed(report->parent, report));
}

/* False if nobody will answer: it must go on at once. */
static bool hold(const struct fanotify_event_metadata *event, struct report *report, int64_t now)
{
	struct slot *slot = free_slot();

	if (!slot || now - heard_ns > SILENCE_MAX_NS)
		return false;
	report->number = slot->number + SLOTS;
	describe_namespaces(report);
	if (!send_report(report))
		return false;
	slot->number = report->number;
	slot->fd = event->fd;
	slot->is_exec = report->kind == REPORT_EXEC;
	slot->process = report->process;
	slot->device = report->device;
	slot->inode = report->inode;
	slot->deadline_ns = now + HOLD_MAX_NS;
	slots_used++;
	return true;
}

static void take_event(const struct fanotify_event_metadata *event, int64_t now)
{
	struct report report = {
		.kind = event->mask & FAN_OPEN_EXEC_PERM ? REPORT_EXEC : REPORT_OPEN,
		.thread = event->pid,
	};

	describe(&report, event->fd);
	/* Processes outside of this PID namespace have no number here, and are nobody's to follow.
	 */
	if (!report.thread || report.process == other_program || is_part_of_followed(&report)) {
		allow(event->fd);
	} else if (!hold(event, &report, now)) {
		late++;
		allow(event->fd);
	}
}

/* Reads no more events than there are descriptors for. */
static void take_events(void)
{
	struct fanotify_event_metadata events[32];
	unsigned int room = slots_usable - slots_used;
	size_t count = room < 1 ? 1 : room < 32 ? room : 32;
	ssize_t length = read(group, events, count * sizeof(events[0]));
	const struct fanotify_event_metadata *event = events;
	int64_t now = now_ns();

	for (; FAN_EVENT_OK(event, length); event = FAN_EVENT_NEXT(event, length)) {
		if (event->fd >= 0)
			take_event(event, now);
	}
}

static void allow_overdue(void)
{
	int64_t now = now_ns();

	for (unsigned int i = 0; slots_used && i < SLOTS; i++) {
		if (slots[i].fd >= 0 && slots[i].deadline_ns <= now) {
			late++;
			release(&slots[i]);
		}
	}
}

static int poll_timeout_ms(void)
{
	int64_t first_ns = INT64_MAX;
	int64_t left_ns;

	if (!slots_used)
		return -1;
	for (unsigned int i = 0; i < SLOTS; i++)
		if (slots[i].fd >= 0 && slots[i].deadline_ns < first_ns)
			first_ns = slots[i].deadline_ns;
	left_ns = first_ns - now_ns();
	return left_ns <= 0 ? 0 : (int)(left_ns / NS_PER_MS) + 1;
}

static int mark(unsigned int action, uint64_t mask, const char *path)
{
	return fanotify_mark(group, action, mask, AT_FDCWD, path) ? errno : 0;
}

static void unmark_held(uint32_t number)
{
	struct slot *slot = slot_of(number);
	char path[64];

	if (!slot)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", slot->fd);
	mark(FAN_MARK_REMOVE, slot->is_exec ? FAN_OPEN_EXEC_PERM : FAN_OPEN_PERM | FAN_ONDIR, path);
}

static void answer(uint32_t kind, uint32_t number, int error)
{
	struct report report = {.kind = kind, .number = number, .error = error};

	(void)send_report(&report);
}

static void obey(const struct order *order, const char *path)
{
	struct slot *slot;

	switch (order->kind) {
	case ORDER_ALLOW:
		slot = slot_of(order->number);
		if (slot)
			release(slot);
		break;
	case ORDER_MARK_EXEC:
		answer(REPORT_DONE, order->number, mark(FAN_MARK_ADD, FAN_OPEN_EXEC_PERM, path));
		break;
	case ORDER_MARK_OPEN:
		answer(REPORT_DONE, order->number,
		       mark(FAN_MARK_ADD, FAN_OPEN_PERM | FAN_ONDIR, path));
		break;
	case ORDER_UNMARK_OPEN:
		answer(REPORT_DONE, order->number,
		       mark(FAN_MARK_REMOVE, FAN_OPEN_PERM | FAN_ONDIR, path));
		break;
	case ORDER_UNMARK_EXEC:
		answer(REPORT_DONE, order->number, mark(FAN_MARK_REMOVE, FAN_OPEN_EXEC_PERM, path));
		break;
	case ORDER_UNMARK_HELD:
		unmark_held(order->number);
		break;
	case ORDER_WATCH_FOLDER:
		answer(REPORT_DONE, order->number,
		       inotify_add_watch(folders, path, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR) < 0
			       ? errno
			       : 0);
		break;
	case ORDER_FOLLOW:
		slot = slot_of(order->number);
		if (slot)
			follow(slot);
		break;
	case ORDER_PING:
		answer(REPORT_PONG, order->number, 0);
		break;
	default:
		break;
	}
}

/* False at the end of the orders: the other program is done, or dead. */
static bool take_orders(void)
{
	static char input[INPUT_BYTES];
	static size_t filled;
	ssize_t length = read(STDIN_FILENO, input + filled, sizeof(input) - filled);
	size_t used = 0;

	if (length <= 0)
		return length < 0 && (errno == EINTR || errno == EAGAIN);
	heard_ns = now_ns();
	filled += length;
	while (filled - used >= sizeof(struct order)) {
		char path[PATH_BYTES_MAX + 1];
		struct order order;

		memcpy(&order, input + used, sizeof(order));
		if (order.path_length > PATH_BYTES_MAX)
			return false;
		if (filled - used < sizeof(order) + order.path_length)
			break;
		memcpy(path, input + used + sizeof(order), order.path_length);
		path[order.path_length] = 0;
		used += sizeof(order) + order.path_length;
		obey(&order, path);
	}
	memmove(input, input + used, filled - used);
	filled -= used;
	return true;
}

static void take_changes(void)
{
	char changes[4096];

	while (read(folders, changes, sizeof(changes)) > 0)
		;
	answer(REPORT_CHANGED, 0, 0);
}

static void prepare(void)
{
	struct rlimit files;
	struct rlimit none = {0, 0};

	/* Ctrl-C and Ctrl-Z of a terminal are for the other program: a stopped gate would hold. */
	setsid();
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_NAME, "ig-gate");
	/* The kernel allows what is held when this process has ended, and a core dump is before it.
	 */
	setrlimit(RLIMIT_CORE, &none);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
		if (files.rlim_cur < SLOTS + SPARE_FDS)
			slots_usable = files.rlim_cur > 2 * SPARE_FDS ? files.rlim_cur - SPARE_FDS
								      : SPARE_FDS;
	}
	for (unsigned int i = 0; i < SLOTS; i++) {
		slots[i].fd = -1;
		slots[i].number = i;
	}
	other_program = getppid();
	heard_ns = now_ns();
	fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
}

int main(void)
{
	struct pollfd polled[3];

	prepare();
	folders = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	group = folders < 0
			? -1
			: fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_UNLIMITED_QUEUE |
						FAN_UNLIMITED_MARKS | FAN_REPORT_TID | FAN_NONBLOCK,
					O_RDONLY | O_CLOEXEC | O_LARGEFILE);
	if (group < 0) {
		answer(REPORT_READY, 0, errno);
		return 1;
	}
	answer(REPORT_READY, 0, 0);
	polled[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
	polled[1] = (struct pollfd){.fd = group, .events = POLLIN};
	polled[2] = (struct pollfd){.fd = folders, .events = POLLIN};
	for (;;) {
		if (poll(polled, 3, poll_timeout_ms()) < 0 && errno != EINTR)
			return 1;
		if (polled[0].revents && !take_orders())
			return 0;
		if (polled[1].revents & POLLIN)
			take_events();
		if (polled[2].revents & POLLIN)
			take_changes();
		allow_overdue();
	}
}
