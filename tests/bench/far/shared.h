// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <new>

#include <sys/mman.h>

namespace sotto::bench {

/// An object that this process and those forked from it later see alike. It may consist of
/// lock-free atomics only.
template <class T>
class Shared {
public:
    Shared() {
        void* const memory =
            ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            throw std::bad_alloc();
        m_object = new (memory) T;
    }
    ~Shared() { ::munmap(m_object, sizeof(T)); }
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;

    T& operator*() const { return *m_object; }
    T* operator->() const { return m_object; }

private:
    T* m_object;
};

} // namespace sotto::bench
