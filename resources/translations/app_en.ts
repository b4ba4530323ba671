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
                <numerusform>%n byte</numerusform>
                <numerusform>%n bytes</numerusform>
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
</TS>
