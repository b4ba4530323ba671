// SPDX-License-Identifier: GPL-3.0-or-later
#include "master_file.h"

#include "text_octets.h"

namespace sotto::test {
namespace {

/// One entry: a line, or several held together by parentheses.
struct Entry {
    std::vector<Word> words;
    bool ownerLeftOut = false;
    int line = 1;
};

class Splitter {
public:
    std::vector<Entry> entries;
    std::string error;

    bool split(std::string_view text) {
        for (std::size_t at = 0; at < text.size() && error.empty(); ++at)
            take(text, at);
        if (m_quoted)
            fail("a quote is not closed");
        if (m_depth > 0)
            fail("a parenthesis is not closed");
        endEntry();
        return error.empty();
    }

private:
    void fail(const char* reason) {
        if (error.empty())
            error = "line " + std::to_string(m_line) + ": " + reason;
    }

    void take(std::string_view text, std::size_t& at) {
        const char c = text[at];
        if (c == '\n' && !m_quoted)
            return endLine();
        if (m_inComment)
            return;
        if (m_atLineStart && m_depth == 0) {
            m_entry.ownerLeftOut = c == ' ' || c == '\t';
            m_entry.line = m_line;
        }
        m_atLineStart = false;
        if (c == '\\' && at + 1 < text.size()) {
            m_word += c;
            m_word += text[++at];
            m_hasWord = true;
        } else if (c == '"') {
            m_quoted = !m_quoted;
            m_wordQuoted = m_hasWord = true;
        } else if (m_quoted) {
            if (c == '\n')
                ++m_line;
            m_word += c;
        } else {
            takeBare(c);
        }
    }

    void takeBare(char c) {
        if (c == ' ' || c == '\t' || c == '\r') {
            endWord();
        } else if (c == ';') {
            endWord();
            m_inComment = true;
        } else if (c == '(') {
            endWord();
            ++m_depth;
        } else if (c == ')') {
            endWord();
            if (--m_depth < 0)
                fail("a parenthesis was never opened");
        } else {
            m_word += c;
            m_hasWord = true;
        }
    }

    void endWord() {
        if (m_hasWord)
            m_entry.words.push_back({m_word, m_wordQuoted, m_line});
        m_word.clear();
        m_hasWord = m_wordQuoted = false;
    }

    void endLine() {
        endWord();
        m_inComment = false;
        ++m_line;
        m_atLineStart = true;
        if (m_depth == 0)
            endEntry();
    }

    void endEntry() {
        endWord();
        if (!m_entry.words.empty())
            entries.push_back(std::move(m_entry));
        m_entry = {};
        m_entry.line = m_line;
    }

    Entry m_entry;
    std::string m_word;
    bool m_hasWord = false;
    bool m_wordQuoted = false;
    bool m_quoted = false;
    bool m_inComment = false;
    bool m_atLineStart = true;
    int m_depth = 0;
    int m_line = 1;
};

std::optional<std::uint32_t> numberFrom(const std::string& text) {
    Bytes octets;
    if (!appendNumber(octets, text, 4))
        return std::nullopt;
    return std::uint32_t{octets[0]} << 24 | std::uint32_t{octets[1]} << 16 |
           std::uint32_t{octets[2]} << 8 | octets[3];
}

/// What stays in force from one entry to the next.
class Interpreter {
public:
    std::vector<Record> records;
    std::string error;

    bool take(const Entry& entry) {
        const std::string& first = entry.words[0].text;
        if (first == "$ORIGIN" || first == "$TTL")
            return takeDirective(entry);
        if (first.starts_with('$') && !entry.ownerLeftOut)
            return fail("only $ORIGIN and $TTL are known");
        std::size_t at = 0;
        if (!entry.ownerLeftOut) {
            const auto owner = nameInFile(entry.words[at++].text, m_origin);
            if (!owner)
                return fail("the owner is not a name");
            m_owner = *owner;
        }
        if (!m_owner)
            return fail("the first record needs an owner");
        return takeRecord(entry, at);
    }

private:
    bool fail(const char* reason) {
        error = reason;
        return false;
    }

    bool takeDirective(const Entry& entry) {
        if (entry.words.size() != 2)
            return fail("a directive takes one value");
        const std::string& value = entry.words[1].text;
        if (entry.words[0].text == "$TTL") {
            m_ttl = numberFrom(value);
            return m_ttl ? true : fail("a TTL in seconds is expected");
        }
        const auto origin = nameInFile(value, m_origin);
        if (!origin)
            return fail("the origin is not a name");
        m_origin = *origin;
        return true;
    }

    bool takeRecord(const Entry& entry, std::size_t at) {
        Record record;
        record.owner = *m_owner;
        std::optional<std::uint32_t> ttl = m_ttl;
        std::optional<std::uint16_t> type;
        for (; at < entry.words.size() && !type; ++at) {
            const std::string& word = entry.words[at].text;
            if (const auto number = numberFrom(word))
                ttl = number;
            else if (word != "IN" && word != "in" && !(type = typeFromText(word)))
                return fail("a record type is expected");
        }
        if (!type || !ttl)
            return fail(type ? "the record has no TTL and there is no $TTL"
                             : "a record type is expected");
        record.type = *type;
        record.ttl = *ttl;
        const std::vector<Word> words(entry.words.begin() + static_cast<std::ptrdiff_t>(at),
                                      entry.words.end());
        auto data = rdataFromWords(record.type, words, m_origin, error);
        if (!data)
            return false;
        record.rdata = std::move(*data);
        records.push_back(std::move(record));
        return true;
    }

    Name m_origin;
    std::optional<Name> m_owner;
    std::optional<std::uint32_t> m_ttl;
};

} // namespace

std::optional<std::vector<Record>> parseMasterFile(std::string_view text, std::string& error) {
    Splitter splitter;
    if (!splitter.split(text)) {
        error = splitter.error;
        return std::nullopt;
    }
    Interpreter interpreter;
    for (const Entry& entry : splitter.entries) {
        if (!interpreter.take(entry)) {
            error = "line " + std::to_string(entry.line) + ": " + interpreter.error;
            return std::nullopt;
        }
    }
    return std::move(interpreter.records);
}

std::optional<std::vector<Word>> splitWords(std::string_view text, std::string& error) {
    Splitter splitter;
    if (!splitter.split(text)) {
        error = splitter.error;
        return std::nullopt;
    }
    std::vector<Word> words;
    for (const Entry& entry : splitter.entries)
        words.insert(words.end(), entry.words.begin(), entry.words.end());
    return words;
}

} // namespace sotto::test
