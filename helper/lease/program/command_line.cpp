// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/command_line.h"

#include "lease/contract/lease_messages.h"

#include <QHash>

#include <functional>

namespace sotto::lease {

namespace {

using Action = CommandLine::Action;

const QString kHelp = QStringLiteral(
    R"(Usage: sotto-lease serve [--user NAME] [--until-input-ends] [--socket PATH]
       sotto-lease restore [--forget | --unless-closed | --at-boot]
       sotto-lease describe [--json] [--port NUMBER]

Switches this computer's DNS to sottod for as long as sottod answers, and gives it back. It is the
only part of Sotto with rights over the system's settings.

  serve     keep the system's DNS for sottod, over a local socket; ends by itself when not needed
  restore   give back the earlier settings, now; works without sottod, and does no harm if repeated
  describe  show how this computer's DNS is set, and what Sotto would do or has done

Options of serve:
  --user NAME      the user that sottod runs as; "sotto" without it
  --until-input-ends
                   stay, needed or not, until the standard input ends; sottod
                   starts it so where no service manager would start it again
Options of restore:
  --forget         remove a record of earlier settings that is damaged, after they were put right
                   by hand
  --unless-closed  restore nothing where the settings prefer no names to names in clear text
  --at-boot        restore only what an earlier run of this computer left
Options of describe:
  --json           for programs
  --port NUMBER    the port that the system would be told to ask; 53 without it
Options of all:
  --socket PATH    the keeper's socket; /run/sotto-lease/socket without it
  --state-dir DIR  where the earlier settings are kept; /var/lib/sotto-lease without it.
                   Only "serve" makes it
  --root DIR       look for the system's files below DIR (for tests)
  --bus ADDRESS    use the system bus at ADDRESS (for tests)
  --help           show this text
  --version        show the version

Exit status: 0 done; 1 it could not be done, or whether the settings are Sotto's is not known;
2 wrong arguments; 3 the record is damaged.
)");

CommandLine refused(const QString& why) {
    CommandLine line;
    line.text = why;
    return line;
}

Action verbOf(const QString& word) {
    static const QHash<QString, Action> kVerbs{
        {QStringLiteral("serve"), Action::Serve},
        {QStringLiteral("restore"), Action::Restore},
        {QStringLiteral("describe"), Action::Describe},
        {QStringLiteral("look-up"), Action::LookUp},
        {QStringLiteral("--help"), Action::Help},
        {QStringLiteral("-h"), Action::Help},
        {QStringLiteral("--version"), Action::Version},
        {QStringLiteral("-V"), Action::Version},
    };
    return kVerbs.value(word, Action::Refuse);
}

struct Option {
    QList<Action> verbs; ///< empty: those that do something
    bool hasValue = false;
    std::function<bool(CommandLine& line, const QString& value)> take;
};

bool takePort(CommandLine& line, const QString& value) {
    bool isNumber = false;
    line.port = value.toUShort(&isNumber);
    return isNumber && line.port != 0;
}

const QHash<QString, Option>& options() {
    const auto text = [](QString CommandLine::*member) {
        return [member](CommandLine& line, const QString& value) {
            line.*member = value;
            return !value.isEmpty();
        };
    };
    static const QHash<QString, Option> kOptions{
        {QStringLiteral("--user"), {{Action::Serve}, true, text(&CommandLine::user)}},
        {QStringLiteral("--forget"),
         {{Action::Restore},
          false,
          [](CommandLine& line, const QString&) { return line.forget = true; }}},
        {QStringLiteral("--unless-closed"),
         {{Action::Restore},
          false,
          [](CommandLine& line, const QString&) { return line.unlessClosed = true; }}},
        {QStringLiteral("--at-boot"),
         {{Action::Restore},
          false,
          [](CommandLine& line, const QString&) { return line.atBoot = true; }}},
        {QStringLiteral("--until-input-ends"),
         {{Action::Serve},
          false,
          [](CommandLine& line, const QString&) { return line.untilInputEnds = true; }}},
        {QStringLiteral("--json"),
         {{Action::Describe},
          false,
          [](CommandLine& line, const QString&) { return line.json = true; }}},
        {QStringLiteral("--port"), {{Action::Describe}, true, takePort}},
        {QStringLiteral("--socket"), {{}, true, text(&CommandLine::socketPath)}},
        {QStringLiteral("--state-dir"),
         {{},
          true,
          [](CommandLine& line, const QString& value) {
              line.stateDirectory = value;
              return line.hasOwnStateDirectory = !value.isEmpty();
          }}},
        {QStringLiteral("--root"),
         {{},
          true,
          [](CommandLine& line, const QString& value) {
              line.surroundings.root = value;
              return value.startsWith(QLatin1Char('/'));
          }}},
        {QStringLiteral("--bus"),
         {{},
          true,
          [](CommandLine& line, const QString& value) {
              line.surroundings.busAddress = value;
              return !value.isEmpty();
          }}},
    };
    return kOptions;
}

} // namespace

CommandLine readCommandLine(const QStringList& arguments) {
    CommandLine line;
    line.socketPath = QString::fromLatin1(kSocketPath);
    line.action = verbOf(arguments.value(0));
    if (arguments.isEmpty())
        return refused(QStringLiteral("Say what to do: serve, restore or describe."));
    if (line.action == Action::Refuse)
        return refused(QStringLiteral("There is no \"%1\".").arg(arguments.first()));
    if (line.action == Action::LookUp) {
        line.text = arguments.value(1);
        return arguments.size() == 2 ? line : refused(QStringLiteral("One name is expected."));
    }
    const bool acts = line.action != Action::Help && line.action != Action::Version;
    for (qsizetype at = 1; at < arguments.size(); ++at) {
        const QString& word = arguments.at(at);
        if (word == QLatin1String("--help") || word == QLatin1String("-h")) {
            line.action = Action::Help;
            break;
        }
        const auto option = options().constFind(word);
        if (option == options().constEnd() || !acts ||
            (!option->verbs.isEmpty() && !option->verbs.contains(line.action)))
            return refused(QStringLiteral("%1 does not take \"%2\".").arg(arguments.first(), word));
        if (!option->take(line, option->hasValue ? arguments.value(++at) : QString()))
            return refused(QStringLiteral("What follows %1 is not valid.").arg(word));
    }
    if (line.action == Action::Help)
        line.text = kHelp;
    return line;
}

} // namespace sotto::lease
