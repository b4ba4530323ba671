<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>sotto::app::CacheCard</name>
        <message numerus="yes">
            <source>Forgot %n cached answer(s).</source>
            <translation>
                <numerusform>Forgot %n cached answer.</numerusform>
                <numerusform>Forgot %n cached answers.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Forgot %n cached answer(s) for %1.</source>
            <translation>
                <numerusform>Forgot %n cached answer for %1.</numerusform>
                <numerusform>Forgot %n cached answers for %1.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n answer(s) kept, %1 of %2</source>
            <translation>
                <numerusform>%n answer kept, %1 of %2</numerusform>
                <numerusform>%n answers kept, %1 of %2</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Forgot %n cached answer(s) for %1 and names below it.</source>
            <translation>
                <numerusform>Forgot %n cached answer for %1 and names below it.</numerusform>
                <numerusform>Forgot %n cached answers for %1 and names below it.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>sotto::app::LogPage</name>
        <message numerus="yes">
            <source>%n entries</source>
            <translation>
                <numerusform>%n entry</numerusform>
                <numerusform>%n entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 of %n entries</source>
            <translation>
                <numerusform>%1 of %n entry</numerusform>
                <numerusform>%1 of %n entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>paused, %n waiting</source>
            <translation>
                <numerusform>paused, %n waiting</numerusform>
                <numerusform>paused, %n waiting</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n lost because they came too fast</source>
            <translation>
                <numerusform>%n lost because it came too fast</numerusform>
                <numerusform>%n lost because they came too fast</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n queries selected</source>
            <translation>
                <numerusform>%n query selected</numerusform>
                <numerusform>%n queries selected</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>sotto::app::ProvidersPage</name>
        <message numerus="yes">
            <source>Use %n provider(s)</source>
            <translation>
                <numerusform>Use %n provider</numerusform>
                <numerusform>Use %n providers</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>sotto</name>
        <message numerus="yes">
            <source>%1 and %n more</source>
            <comment>zones</comment>
            <translation>
                <numerusform>%1 and %n more</numerusform>
                <numerusform>%1 and %n more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Yes, to %n octet(s)</source>
            <translation>
                <numerusform>Yes, to %n octet</numerusform>
                <numerusform>Yes, to %n octets</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n thing(s) differ from what it claims.</source>
            <translation>
                <numerusform>%n result differs from what it claims.</numerusform>
                <numerusform>%n results differ from what it claims.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>This computer's clock is at least %n day(s) slow: it shows %1. So no certificate can be checked, and nothing is sent to %2. Set the date.</source>
            <translation>
                <numerusform>This computer's clock is at least %n day slow: it shows %1. So no certificate can be checked, and nothing is sent to %2. Set the date.</numerusform>
                <numerusform>This computer's clock is at least %n days slow: it shows %1. So no certificate can be checked, and nothing is sent to %2. Set the date.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n day(s) ago</source>
            <translation>
                <numerusform>%n day ago</numerusform>
                <numerusform>%n days ago</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>in %n day(s)</source>
            <translation>
                <numerusform>in %n day</numerusform>
                <numerusform>in %n days</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>sotto::app::QueryDetail</name>
        <message numerus="yes">
            <source>%n record(s)</source>
            <translation>
                <numerusform>%n record</numerusform>
                <numerusform>%n records</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n octet(s)</source>
            <translation>
                <numerusform>%n octet</numerusform>
                <numerusform>%n octets</numerusform>
            </translation>
        </message>
    </context>
</TS>
