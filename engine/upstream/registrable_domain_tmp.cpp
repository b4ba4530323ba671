#include "upstream/registrable_domain.h"
namespace sotto::engine {
std::uint64_t hashOfRegistrableDomain(Bytes name, const std::array<std::uint8_t, 16>&) { return name.size(); }
}
