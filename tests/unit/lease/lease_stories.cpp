// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_stories.h"

namespace sotto::test {

using By = LeaseStory::Act::By;
using Holder = systemdns::Standing::Holder;

namespace {

const QString& kService = kEarlier.at(0);
const QString kNewest = QStringLiteral("the new network");
const QString kTheirs = QStringLiteral("by hand");

LeaseStory::Act take() {
    return {By::Service, [](LeaseWorld& world) { world.take(); }};
}

LeaseStory::Act takeOver() {
    return {By::Service, [](LeaseWorld& world) {
                lease::Request request = LeaseWorld::request();
                request.takeOver = true;
                world.take(request);
            }};
}

LeaseStory::Act giveBack() {
    return {By::Service, [](LeaseWorld& world) { world.lease().giveBack(); }};
}

LeaseStory::Act write(const QString& content, Holder writer) {
    return {By::Others, [content, writer](LeaseWorld& world) {
                // Whoever comes upon the earlier settings changes those.
                world.write(world.file, content, writer);
            }};
}

LeaseStory::Act time(qint64 millis) {
    return {By::Others, [millis](LeaseWorld& world) { world.advance(millis); }};
}

} // namespace

const QList<LeaseStory>& leaseStories() {
    static const QList<LeaseStory> stories{
        {"taking", {take()}, {kEarlier}},
        {"look-ups go elsewhere",
         {{By::Others, [](LeaseWorld& world) { world.reach.leads = false; }}, take()},
         {kEarlier}},
        {"holding", {take(), time(25'000)}, {kEarlier}},
        {"giving back", {take(), giveBack()}, {kEarlier}},
        {"verifying anew",
         {take(), write(kNewest, Holder::Agent), time(1'000)},
         {kEarlier, {kService, kNewest}}},
        {"verifying anew fails",
         {take(),
          {By::Others, [](LeaseWorld& world) { world.reach.leads = false; }},
          write(kNewest, Holder::Agent),
          time(6'000)},
         {kEarlier, {kService, kNewest}}},
        {"yielding", {take(), write(kTheirs, Holder::Person)}, {kEarlier, {kService, kTheirs}}},
        {"a VPN comes and goes",
         {take(), write(kTheirs, Holder::Vpn), write(kNewest, Holder::Agent), time(6'000)},
         {kEarlier, {kService, kTheirs}, {kService, kNewest}}},
        {"taking over",
         {take(), write(kTheirs, Holder::Person), takeOver(), giveBack()},
         {kEarlier, {kService, kTheirs}}},
    };
    return stories;
}

} // namespace sotto::test
