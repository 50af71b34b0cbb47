// SPDX-License-Identifier: Apache-2.0
// The client of a gadget pod's socket, for exec: a process of its own for each reader, so it is
// small and static.
//
//   gadgettracermanager -call receive-stream -tracerid ID [-from SEQ] [-wait SECONDS]
//   gadgettracermanager -dump containers|traces|all
//   gadgettracermanager -liveness
//
// It prints what the pod answers, and ends when the answer is complete or nobody reads any more:
// when its standard output is closed, or its standard input if that is a pipe, a socket or a
// terminal. (An exec whose client has gone leaves its process running; only its standard streams
// tell.) Standard input of any other kind, such as /dev/null, says nothing.
//
// Exit status: 0 all was read, or the reader left; 1 the pod answered with an error; 2 wrong
// arguments; 3 the pod cannot be reached; 4 it was gone before the answer was complete.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
	STATUS_REFUSED = 1,
	STATUS_USAGE = 2,
	STATUS_UNREACHABLE = 3,
	STATUS_CUT_OFF = 4
};

// How long the pod may take for its first line; a stream may be silent afterwards.
enum {
	ANSWER_LIMIT_MS = 2000
};

// What poll calls writable takes so many bytes without blocking.
enum {
	POLLED_WRITE_BYTES = 4096
};

static const char USAGE[] =
	"usage: gadgettracermanager [-socketfile PATH] -call receive-stream -tracerid ID\n"
	"           [-from SEQ] [-wait SECONDS]\n"
	"       gadgettracermanager [-socketfile PATH] -dump containers|traces|all\n"
	"       gadgettracermanager [-socketfile PATH] -liveness\n";

// A stream is whole if its last line begins so.
static const char END_MARK[] = "{\"type\":\"end\",";

struct options {
	const char *socket_path;
	const char *call;
	const char *tracer_id;
	const char *from;
	const char *wait;
	const char *dump;
	bool liveness;
};

struct relay {
	int socket;
	int output;
	bool watches_input;
	bool input_is_terminal;
	bool is_stream;
	char buffer[64 * 1024];
	size_t start;
	size_t length;
	// The first bytes of the line that is being passed on, and whether the last whole one was
	// the end.
	char line[sizeof(END_MARK)];
	size_t line_length;
	bool has_ended;
};

__attribute__((format(printf, 2, 3), noreturn)) static void fail(int status, const char *format,
								 ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("gadgettracermanager: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(status);
}

// take_value sets *value if the argument is the option NAME, written -NAME VALUE or -NAME=VALUE.
static bool take_value(char ***arguments, const char *name, const char **value)
{
	const char *argument = **arguments;
	size_t length = strlen(name);

	if (strncmp(argument, name, length) != 0)
		return false;
	if (argument[length] == '=') {
		*value = argument + length + 1;
		return true;
	}
	if (argument[length] != '\0')
		return false;
	if ((*arguments)[1] == NULL)
		fail(STATUS_USAGE, "reading the arguments: -%s needs a value", name);
	*value = *++*arguments;
	return true;
}

static void read_options(char **arguments, struct options *options)
{
	for (; *arguments != NULL; arguments++) {
		const char *whole = *arguments;

		if (whole[0] != '-')
			fail(STATUS_USAGE,
			     "reading the arguments: %s is no option; -help shows them", whole);
		// Two dashes are as good as one.
		*arguments += whole[1] == '-' ? 2 : 1;
		if (take_value(&arguments, "socketfile", &options->socket_path) ||
		    take_value(&arguments, "call", &options->call) ||
		    take_value(&arguments, "tracerid", &options->tracer_id) ||
		    take_value(&arguments, "from", &options->from) ||
		    take_value(&arguments, "wait", &options->wait) ||
		    take_value(&arguments, "dump", &options->dump))
			continue;
		if (strcmp(*arguments, "liveness") == 0) {
			options->liveness = true;
		} else if (strcmp(*arguments, "help") == 0 || strcmp(*arguments, "h") == 0) {
			fputs(USAGE, stdout);
			exit(0);
		} else {
			fail(STATUS_USAGE,
			     "reading the arguments: unknown option %s; -help shows them", whole);
		}
	}
}

static void check_options(const struct options *options)
{
	if ((options->call != NULL) + (options->dump != NULL) + options->liveness != 1) {
		fputs(USAGE, stderr);
		exit(STATUS_USAGE);
	}
	if (options->call != NULL && strcmp(options->call, "receive-stream") != 0)
		fail(STATUS_USAGE,
		     "reading the arguments: unknown call %s; only receive-stream is there",
		     options->call);
	if (options->call != NULL && options->tracer_id == NULL)
		fail(STATUS_USAGE, "reading the arguments: -call receive-stream needs -tracerid "
				   "trace_NAMESPACE_NAME");
	if (options->call == NULL &&
	    (options->tracer_id != NULL || options->from != NULL || options->wait != NULL))
		fail(STATUS_USAGE, "reading the arguments: -tracerid, -from and -wait belong to "
				   "-call receive-stream");
}

// write_request puts the request's line into buffer and returns its length.
static size_t write_request(const struct options *options, char *buffer, size_t size)
{
	int length;

	if (options->liveness)
		length = snprintf(buffer, size, "liveness\n");
	else if (options->dump != NULL)
		length = snprintf(buffer, size, "dump %s\n", options->dump);
	else
		length = snprintf(buffer, size, "receive-stream %s%s%s%s%s\n", options->tracer_id,
				  options->from != NULL ? " from " : "",
				  options->from != NULL ? options->from : "",
				  options->wait != NULL ? " wait " : "",
				  options->wait != NULL ? options->wait : "");
	if (length < 0 || (size_t)length >= size)
		fail(STATUS_USAGE, "reading the arguments: they are longer than a request may be");
	// One request is one line: no argument brings another.
	if (memchr(buffer, '\n', length) != buffer + length - 1)
		fail(STATUS_USAGE, "reading the arguments: a value contains a line end");
	return length;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		fail(STATUS_USAGE,
		     "reading the arguments: the path of the socket is longer than %zu bytes",
		     sizeof(address.sun_path) - 1);
	strcpy(address.sun_path, path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		const char *hint = errno == ENOENT || errno == ECONNREFUSED
					   ? "the gadget pod's agent does not run (yet)"
				   : errno == EACCES ? "only root may read it"
				   : errno == EAGAIN ? "too many clients wait; try again"
						     : "try again";
		fail(STATUS_UNREACHABLE, "connecting to %s: %s (%s)", path, strerror(errno), hint);
	}
	return fd;
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

// read_answer reads until the first line is complete and takes it off the buffer.
static void read_answer(struct relay *relay, const char *path)
{
	long long deadline = now_ms() + ANSWER_LIMIT_MS;

	for (;;) {
		struct pollfd socket = {.fd = relay->socket, .events = POLLIN};
		long long rest = deadline - now_ms();
		ssize_t count;
		char *end = memchr(relay->buffer, '\n', relay->length);

		if (end != NULL) {
			*end = '\0';
			if (strncmp(relay->buffer, "error ", 6) == 0)
				fail(STATUS_REFUSED, "%s", relay->buffer + 6);
			if (strcmp(relay->buffer, "ok") != 0)
				fail(STATUS_UNREACHABLE,
				     "reading from %s: what answers is no gadget pod", path);
			relay->start = end + 1 - relay->buffer;
			relay->length -= relay->start;
			return;
		}
		if (relay->length == sizeof(relay->buffer))
			fail(STATUS_UNREACHABLE, "reading from %s: what answers is no gadget pod",
			     path);
		if (rest <= 0 || poll(&socket, 1, (int)rest) == 0)
			fail(STATUS_UNREACHABLE,
			     "reading from %s: no answer within %d ms (the agent hangs)", path,
			     ANSWER_LIMIT_MS);
		count = read(relay->socket, relay->buffer + relay->length,
			     sizeof(relay->buffer) - relay->length);
		if (count > 0)
			relay->length += count;
		else if (count == 0 || (errno != EAGAIN && errno != EINTR))
			fail(STATUS_CUT_OFF,
			     "reading from %s: the agent was gone before it answered", path);
	}
}

// watch_lines looks for the line that ends a stream in what is passed on.
static void watch_lines(struct relay *relay, const char *bytes, size_t length)
{
	while (length > 0) {
		const char *end = memchr(bytes, '\n', length);
		size_t part = end == NULL ? length : (size_t)(end - bytes);
		size_t room = sizeof(relay->line) - relay->line_length;
		size_t kept = part < room ? part : room;

		memcpy(relay->line + relay->line_length, bytes, kept);
		relay->line_length += kept;
		if (end == NULL)
			return;
		relay->has_ended = relay->line_length >= sizeof(END_MARK) - 1 &&
				   memcmp(relay->line, END_MARK, sizeof(END_MARK) - 1) == 0;
		relay->line_length = 0;
		bytes = end + 1;
		length -= part + 1;
	}
}

// open_output gives standard output a descriptor that never blocks, without changing it for those
// who share it. Sockets cannot be opened again; writing a little to one that poll calls writable
// does not block either.
static int open_output(void)
{
	int fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | O_APPEND);
	struct stat stat;

	if (fd >= 0 && fstat(fd, &stat) == 0 && !S_ISREG(stat.st_mode))
		return fd;
	if (fd >= 0)
		close(fd);
	return STDOUT_FILENO;
}

// look_at_input decides whether standard input tells that the reader has left. Answers that end by
// themselves need no such sign.
static void look_at_input(struct relay *relay)
{
	struct stat stat;

	if (!relay->is_stream || fstat(STDIN_FILENO, &stat) != 0)
		return;
	relay->input_is_terminal = isatty(STDIN_FILENO);
	relay->watches_input =
		relay->input_is_terminal || S_ISFIFO(stat.st_mode) || S_ISSOCK(stat.st_mode);
}

// input_has_ended reads and forgets what is there. A terminal is only watched for being hung up.
static bool input_has_ended(const struct relay *relay, short events)
{
	char bytes[512];
	ssize_t count;

	if (relay->input_is_terminal || !(events & POLLIN))
		return events & (POLLHUP | POLLERR | POLLNVAL);
	count = read(STDIN_FILENO, bytes, sizeof(bytes));
	return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
}

static void write_some(struct relay *relay)
{
	bool may_block = relay->output == STDOUT_FILENO;
	size_t length = may_block && relay->length > POLLED_WRITE_BYTES ? POLLED_WRITE_BYTES
									: relay->length;
	ssize_t count = write(relay->output, relay->buffer + relay->start, length);

	if (count < 0) {
		if (errno == EAGAIN || errno == EINTR)
			return;
		if (errno == EPIPE || errno == EIO)
			exit(0);
		fail(STATUS_CUT_OFF, "writing to standard output: %s", strerror(errno));
	}
	watch_lines(relay, relay->buffer + relay->start, count);
	relay->start += count;
	relay->length -= count;
	if (relay->length == 0)
		relay->start = 0;
}

static void read_some(struct relay *relay, const char *path)
{
	ssize_t count = read(relay->socket, relay->buffer, sizeof(relay->buffer));

	if (count > 0) {
		relay->start = 0;
		relay->length = count;
		return;
	}
	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (relay->is_stream && !relay->has_ended)
		fail(STATUS_CUT_OFF,
		     "reading from %s: the agent was gone before the stream had ended", path);
	exit(0);
}

// pass_on relays until one of the three ends.
static void pass_on(struct relay *relay, const char *path)
{
	for (;;) {
		bool has_bytes = relay->length > 0;
		// What is left in the buffer goes out before more is read: so a slow reader slows
		// us, and the pod sees it.
		struct pollfd polled[] = {
			{.fd = relay->output, .events = has_bytes ? POLLOUT : 0},
			{.fd = has_bytes ? -1 : relay->socket, .events = POLLIN},
			{.fd = relay->watches_input ? STDIN_FILENO : -1,
			 .events = relay->input_is_terminal ? 0 : POLLIN},
		};

		if (poll(polled, 3, -1) < 0) {
			if (errno == EINTR)
				continue;
			fail(STATUS_CUT_OFF, "waiting for the stream: %s", strerror(errno));
		}
		if (polled[0].revents & (POLLERR | POLLHUP | POLLNVAL))
			exit(0);
		if (polled[2].revents != 0 && input_has_ended(relay, polled[2].revents))
			exit(0);
		if (polled[0].revents & POLLOUT)
			write_some(relay);
		if (polled[1].revents != 0)
			read_some(relay, path);
	}
}

int main(int argc, char **argv)
{
	static struct relay relay;
	struct options options = {.socket_path = "/run/gadgettracermanager.socket"};
	char request[1024];
	size_t length;

	(void)argc;
	read_options(argv + 1, &options);
	check_options(&options);
	length = write_request(&options, request, sizeof(request));
	signal(SIGPIPE, SIG_IGN);
	relay.socket = connect_to(options.socket_path);
	if (write(relay.socket, request, length) != (ssize_t)length)
		fail(STATUS_UNREACHABLE, "writing to %s: %s", options.socket_path, strerror(errno));
	relay.is_stream = options.call != NULL;
	read_answer(&relay, options.socket_path);
	relay.output = open_output();
	look_at_input(&relay);
	pass_on(&relay, options.socket_path);
}
