// SPDX-License-Identifier: GPL-3.0-or-later
#include "measured_process.h"

#include <fstream>
#include <thread>

#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

void useCores(unsigned first, unsigned last) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    for (unsigned core = first; core <= last; ++core)
        CPU_SET(core, &cores);
    ::sched_setaffinity(0, sizeof cores, &cores);
}

/// The arguments as execve wants them; valid as long as the words.
std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> result;
    for (const std::string& word : words)
        result.push_back(const_cast<char*>(word.c_str()));
    result.push_back(nullptr);
    return result;
}

/// What is left to do in the child; everything that allocates was done before the fork.
class Execution {
public:
    explicit Execution(const Launch& launch)
        : m_words(launch.command)
        , m_settings(launch.environment)
        , m_root(launch.root)
        , m_log(launch.log.empty() ? "/dev/null" : launch.log.string()) {
        for (char** entry = environ; *entry; ++entry)
            m_settings.emplace_back(*entry);
        m_arguments = pointers(m_words);
        m_environment = pointers(m_settings);
    }

    void operator()() const {
        const int log = ::open(m_log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::dup2(nothing, STDIN_FILENO);
        ::dup2(log, STDOUT_FILENO);
        ::dup2(log, STDERR_FILENO);
        if (!m_root.empty() && (::chroot(m_root.c_str()) != 0 || ::chdir("/") != 0))
            ::_exit(126);
        ::execve(m_arguments[0], m_arguments.data(), m_environment.data());
    }

private:
    std::vector<std::string> m_words;
    std::vector<std::string> m_settings;
    std::string m_root;
    std::string m_log;
    std::vector<char*> m_arguments;
    std::vector<char*> m_environment;
};

/// The process and all that it started.
std::vector<pid_t> family(pid_t process) {
    std::vector<pid_t> members{process};
    for (std::size_t i = 0; i < members.size(); ++i) {
        const std::string folder = "/proc/" + std::to_string(members[i]) + "/task";
        std::error_code ended;
        for (const auto& task : std::filesystem::directory_iterator(folder, ended)) {
            std::ifstream children(task.path() / "children");
            for (pid_t child; children >> child;)
                members.push_back(child);
        }
    }
    return members;
}

} // namespace

MeasuredProcess::MeasuredProcess(const Launch& launch) {
    const Execution execution(launch);
    start([&execution] { execution(); });
}

MeasuredProcess::MeasuredProcess(const std::function<void()>& body) {
    start(body);
}

void MeasuredProcess::start(const std::function<void()>& body) {
    m_pid = ::fork();
    if (m_pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::setpgid(0, 0);
        useCores(0, 0);
        body();
        ::_exit(127);
    }
    ::setpgid(m_pid, m_pid);
}

MeasuredProcess::~MeasuredProcess() {
    if (m_pid <= 0)
        return;
    ::kill(-m_pid, SIGKILL);
    if (alive())
        ::waitpid(m_pid, nullptr, 0);
}

bool MeasuredProcess::stop() {
    constexpr auto kPatience = std::chrono::seconds(5);
    const auto end = std::chrono::steady_clock::now() + kPatience;
    ::kill(m_pid, SIGTERM);
    while (alive() && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return !alive();
}

bool MeasuredProcess::alive() const {
    if (!m_ended)
        m_ended = m_pid <= 0 || ::waitpid(m_pid, nullptr, WNOHANG) != 0;
    return !m_ended;
}

std::chrono::nanoseconds MeasuredProcess::cpuTime() const {
    std::chrono::nanoseconds sum{0};
    for (const pid_t member : family(m_pid)) {
        clockid_t clock;
        timespec time{};
        if (::clock_getcpuclockid(member, &clock) == 0 && ::clock_gettime(clock, &time) == 0)
            sum += std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    }
    return sum;
}

long MeasuredProcess::residentKib() const {
    long sum = 0;
    for (const pid_t member : family(m_pid)) {
        std::ifstream status("/proc/" + std::to_string(member) + "/status");
        for (std::string word; status >> word;) {
            long kib = 0;
            if (word == "VmRSS:" && status >> kib)
                sum += kib;
        }
    }
    return sum;
}

void moveLoadToOtherCores() {
    const unsigned cores = std::thread::hardware_concurrency();
    if (cores > 1)
        useCores(1, cores - 1);
}

bool runToEnd(const Launch& launch) {
    const Execution execution(launch);
    const pid_t process = ::fork();
    if (process == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        execution();
        ::_exit(127);
    }
    int status = -1;
    return process > 0 && ::waitpid(process, &status, 0) == process && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

} // namespace sotto::bench
