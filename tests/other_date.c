/* The time of day SHIFT seconds from now, for this process and all that it starts. What measures spans stays. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static char preload[] = "LD_PRELOAD=" LIBRARY;

int clock_gettime(clockid_t clock, struct timespec *now) {
  int failed = (int)syscall(SYS_clock_gettime, clock, now);
  if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += SHIFT;
  return failed;
}

int gettimeofday(struct timeval *now, void *zone) {
  struct timespec exact;
  int failed = clock_gettime(CLOCK_REALTIME, &exact);
  (void)zone;
  if (!failed) {
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
  }
  return failed;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}

/* A program that is started with an environment of its own lives at that date as well. Between fork and exec nothing
   may be allocated, so the longer environment is on the stack. */
int execve(const char *path, char *const arguments[], char *const environment[]) {
  size_t size = 0;
  int there = 0;
  while (environment[size]) there |= strncmp(environment[size++], preload, sizeof "LD_PRELOAD") == 0;
  char *with[size + 2];
  memcpy(with, environment, size * sizeof *with);
  if (!there) with[size++] = preload;
  with[size] = NULL;
  return (int)syscall(SYS_execve, path, arguments, with);
}
