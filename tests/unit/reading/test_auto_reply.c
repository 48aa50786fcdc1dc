/* SPDX-License-Identifier: MIT */
/* test_auto_reply.c - what automatic replies tell, in many languages: until when, that somebody left, whom to write to.
 */
#include "core_testing.h"

TestSuite(auto_reply, .init = core_set_up, .fini = core_tear_down);

static bounce_report *reply_of(const char *subject, const char *date, const char *from, const char *text)
{
    static char mail[65536];
    snprintf(mail, sizeof mail,
             "Return-Path: <>\nFrom: Jo <%s>\nTo: News <news@shop.example>\nSubject: %s\n%s%s%s"
             "Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
             "Content-Transfer-Encoding: 8bit\n\n%s\n",
             from, subject, date ? "Date: " : "", date ? date : "", date ? "\n" : "", text);
    bounce_report *r = parse_mail(mail);
    cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_AUTO_REPLY, "%s", text);
    return r;
}

static const char *until_of(const char *date, const char *text)
{
    return report_text(reply_of("Automatic reply", date, "jo@old.example", text), BOUNCE_REPORT_AUTO_REPLY_UNTIL);
}

#define MONDAY "Mon, 5 Aug 2024 09:00:00 +0000"

/* Worded as the programs and the people of each country word it. */
Test(auto_reply, languages)
{
    static const struct {
        const char *date, *text, *until;
        bool left;
        const char *new_address, *contact;
    } rows[] = {
        {"Mon, 15 Jul 2024 09:12:00 +0200",
         "I will be out of the office starting 15 Jul 2024 and will not return until 29 Jul 2024.\n\nI will respond to your message when I return.",
         "2024-07-29", false, "-", "-"},
        {"Fri, 28 Feb 2025 10:00:00 +0000",
         "Thank you for your email. I'm on leave and will be back on Monday 3 March. For anything urgent please contact Peter Sims at peter.sims@acme.example.\n\nBest regards\nAnn Lee\nann@acme.example",
         "2025-03-03", false, "-", "peter.sims@acme.example"},
        {"Tue, 1 Apr 2025 10:00:00 +0000", "I am away until 03/04. Please call me after that.", "-", false, "-", "-"},
        {"Tue, 1 Apr 2025 10:00:00 -0500",
         "I will be out of the office from 04/01/2025 to 04/18/2025 with limited access to email.", "2025-04-18", false,
         "-", "-"},
        {"Tue, 1 Apr 2025 10:00:00 -0500",
         "Kim Fox is no longer with the company. Please direct all enquiries to sales@acme.example.", "-", true, "-",
         "sales@acme.example"},
        {"Tue, 1 Apr 2025 10:00:00 -0500",
         "Hi,\n\nI have changed jobs. My new email address is kim@newplace.example. This mailbox is no longer read.\n\nKim",
         "-", false, "kim@newplace.example", "-"},
        {"Thu, 5 Dec 2024 10:00:00 -0500",
         "I am out of the office, returning Monday, January 6th. If you need help before then, email Clara Day <cday@city.example>.",
         "2025-01-06", false, "-", "cday@city.example"},
        {"Mon, 30 Dec 2024 10:00:00 -0500", "Gone fishing till January 7, 2025!", "2025-01-07", false, "-", "-"},
        {"Mon, 3 Mar 2025 10:00:00 +0000", "I am travelling this week and will answer as soon as I can.", "-", false,
         "-", "-"},
        {"Mon, 3 Mar 2025 10:00:00 +0000",
         "On 10 March I will be back at my desk.\n\nOn Mon, 3 Mar 2025 shop@shop.example wrote:\n> Sale until 30 March, contact offers@shop.example",
         "2025-03-10", false, "-", "-"},
        {"Mon, 3 Mar 2025 10:00:00 +0000",
         "I'm on parental leave from March 1st through September 30th, 2025. In my absence, please reach out to team@acme.example or +1 555 0100 for urgent matters.\n-- \nAl Hop | privacy@acme.example | Contact: info@acme.example",
         "2025-09-30", false, "-", "team@acme.example"},
        {"Mon, 22 Jul 2024 09:12:00 +0200",
         "Ich kehre zurück am 05.08.2024.\n\nIhre Nachricht wird nicht weitergeleitet.", "2024-08-05", false, "-", "-"},
        {"Mon, 1 Jul 2024 09:12:00 +0200",
         "Sehr geehrte Damen und Herren,\n\nich bin bis einschließlich 14.07. nicht im Büro. In dringenden Fällen wenden Sie sich bitte an meine Kollegin Frau Ida Voss, ida.voss@firma.example.\n\nMit freundlichen Grüßen\nEva Kern\n\nFirma GmbH\nE-Mail: eva.kern@firma.example",
         "2024-07-14", false, "-", "ida.voss@firma.example"},
        {"Mon, 1 Jul 2024 09:12:00 +0200",
         "Hallo, ich bin vom 3. bis 17. August im Urlaub. Ab dem 19. August bin ich wieder für Sie da.", "2024-08-17",
         false, "-", "-"},
        {"Mon, 1 Jul 2024 09:12:00 +0200",
         "Herr Uwe Pohl ist nicht mehr für unser Unternehmen tätig. Bitte wenden Sie sich an zentrale@firma.example.",
         "-", true, "-", "zentrale@firma.example"},
        {"Mon, 1 Jul 2024 09:12:00 +0200",
         "Meine E-Mail-Adresse hat sich geändert. Sie erreichen mich ab sofort unter uwe.pohl@neu.example.\nBitte die alte Adresse uwe@alt.example nicht mehr verwenden.",
         "-", false, "uwe.pohl@neu.example", "-"},
        {"Mon, 9 Dec 2024 09:12:00 +0100",
         "Ich befinde mich in Elternzeit und bin voraussichtlich ab 7. Jänner 2025 wieder erreichbar. Dringendes bitte an vertretung@firma.example.",
         "2025-01-07", false, "-", "vertretung@firma.example"},
        {"Wed, 31 Jul 2024 09:12:00 +0200",
         "Bonjour,\n\nJe suis absent du 3 au 17 août. En cas d'urgence, merci de contacter Léa Roux : lea.roux@societe.example\n\nCordialement,\nLuc Petit\nluc@societe.example",
         "2024-08-17", false, "-", "lea.roux@societe.example"},
        {"Wed, 31 Jul 2024 09:12:00 +0200", "Je serai de retour le lundi 26/08/2024.", "2024-08-26", false, "-", "-"},
        {"Wed, 31 Jul 2024 09:12:00 +0200",
         "Je ne travaille plus chez Société SA. Merci d'adresser vos demandes à contact@societe.example.", "-", true,
         "-", "contact@societe.example"},
        {"Wed, 31 Jul 2024 09:12:00 +0200", "Ma nouvelle adresse électronique est luc.petit@ailleurs.example.", "-",
         false, "luc.petit@ailleurs.example", "-"},
        {"Thu, 1 Aug 2024 09:12:00 +0200",
         "Estaré fuera de la oficina hasta el 16 de agosto. Para asuntos urgentes, escriba a luis.gil@empresa.example.",
         "2024-08-16", false, "-", "luis.gil@empresa.example"},
        {"Thu, 1 Aug 2024 09:12:00 +0200",
         "Ana Gil ya no trabaja en esta empresa. Por favor, diríjase a rrhh@empresa.example", "-", true, "-",
         "rrhh@empresa.example"},
        {"Thu, 1 Aug 2024 09:12:00 +0200", "Vacaciones del 05/08 al 19/08. Regreso el 20/08.", "2024-08-19", false, "-",
         "-"},
        {"Thu, 1 Aug 2024 09:12:00 +0200",
         "Mi nuevo correo es ana.gil@otra.example, por favor actualicen sus contactos.", "-", false,
         "ana.gil@otra.example", "-"},
        {"Thu, 1 Aug 2024 09:12:00 +0200",
         "Sono fuori ufficio fino al 25 agosto compreso. Per urgenze potete scrivere a ufficio@ditta.example.",
         "2024-08-25", false, "-", "ufficio@ditta.example"},
        {"Thu, 1 Aug 2024 09:12:00 +0200", "Rientrerò lunedì 2 settembre 2024.", "2024-09-02", false, "-", "-"},
        {"Thu, 1 Aug 2024 09:12:00 +0200",
         "La dott.ssa Pia Neri non lavora più presso la nostra azienda. Vi preghiamo di rivolgervi a info@ditta.example.",
         "-", true, "-", "info@ditta.example"},
        {"Thu, 1 Aug 2024 09:12:00 +0200",
         "Ik ben afwezig van 5 t/m 23 augustus. Voor dringende zaken kunt u contact opnemen met els@bedrijf.example.",
         "2024-08-23", false, "-", "els@bedrijf.example"},
        {"Thu, 1 Aug 2024 09:12:00 +0200", "Tot 26-08-2024 ben ik met vakantie.", "2024-08-26", false, "-", "-"},
        {"Thu, 1 Aug 2024 09:12:00 +0200", "Jan de Wit is niet meer werkzaam bij Bedrijf BV.", "-", true, "-", "-"},
        {"Thu, 1 Aug 2024 09:12:00 +0100",
         "Estarei de férias até 30 de agosto. Em caso de urgência, contacte sofia@firma.example.", "2024-08-30", false,
         "-", "sofia@firma.example"},
        {"Thu, 1 Aug 2024 09:12:00 -0300", "Retorno dia 12/08/2024. O colaborador responde apenas nessa data.",
         "2024-08-12", false, "-", "-"},
        {"Thu, 1 Aug 2024 09:12:00 -0300", "Informamos que o Rui já não trabalha na nossa empresa.", "-", true, "-",
         "-"},
        {"Thu, 1 Aug 2024 09:12:00 +0200",
         "Jestem na urlopie do 16 sierpnia. W pilnych sprawach proszę o kontakt z Janem Nowakiem: jan.nowak@firma.example",
         "2024-08-16", false, "-", "jan.nowak@firma.example"},
        {"Thu, 1 Aug 2024 09:12:00 +0200", "Nieobecna w dniach 05.08.2024 - 09.08.2024.", "2024-08-09", false, "-",
         "-"},
        {"Thu, 1 Aug 2024 09:12:00 +0200", "Ewa Lis nie pracuje już w naszej firmie.", "-", true, "-", "-"},
        {"Thu, 1 Aug 2024 09:12:00 +0300",
         "Здравствуйте! Я в отпуске до 19 августа. По срочным вопросам обращайтесь к Анне: anna@firma.example",
         "2024-08-19", false, "-", "anna@firma.example"},
        {"Thu, 1 Aug 2024 09:12:00 +0300", "Я отсутствую с 01.08.2024 по 14.08.2024.", "2024-08-14", false, "-", "-"},
        {"Thu, 1 Aug 2024 09:12:00 +0300", "Иван Петров больше не работает в компании. Пишите на office@firma.example.",
         "-", true, "-", "office@firma.example"},
        {"Thu, 1 Aug 2024 09:12:00 +0300", "Мой новый адрес: ivan.petrov@novaya.example", "-", false,
         "ivan.petrov@novaya.example", "-"},
        {"Mon, 1 Jul 2024 09:12:00 +0200",
         "Hej! Jag är på semester och är tillbaka måndag 5 augusti. Vid brådskande ärenden kontakta karin@bolag.example.",
         "2024-08-05", false, "-", "karin@bolag.example"},
        {"Mon, 1 Jul 2024 09:12:00 +0200", "Ulf Berg har slutat på Bolaget AB.", "-", true, "-", "-"},
        {"Mon, 1 Jul 2024 09:12:00 +0200",
         "Jeg holder ferie til og med 28. juli. Kontakt venligst mette@firma.example i hastesager.", "2024-07-28",
         false, "-", "mette@firma.example"},
        {"Mon, 1 Jul 2024 09:12:00 +0200", "Jeg er på ferie frem til 22. juli og leser ikke e-post.", "2024-07-22",
         false, "-", "-"},
        {"Mon, 1 Jul 2024 09:12:00 +0200", "Liv Dahl har sluttet i firmaet. Ny kontaktperson er per@firma.example.",
         "-", true, "-", "per@firma.example"},
        {"Mon, 1 Jul 2024 09:12:00 +0300",
         "Olen lomalla 28.7. asti. Kiireellisissä asioissa ota yhteyttä: matti@yritys.example", "2024-07-28", false,
         "-", "matti@yritys.example"},
        {"Mon, 1 Jul 2024 09:12:00 +0300", "Palaan töihin 5. elokuuta 2024.", "2024-08-05", false, "-", "-"},
        {"Mon, 1 Jul 2024 09:12:00 +0200",
         "Jsem na dovolené do 12. července. V naléhavých případech kontaktujte jana@firma.example.", "2024-07-12",
         false, "-", "jana@firma.example"},
        {"Mon, 1 Jul 2024 09:12:00 +0200", "Petr Malý již ve firmě nepracuje.", "-", true, "-", "-"},
        {"Mon, 5 Aug 2024 09:12:00 +0900",
         "お世話になっております。\n8月16日まで夏季休暇をいただいております。お急ぎの場合は suzuki@kaisha.example までご連絡ください。",
         "2024-08-16", false, "-", "suzuki@kaisha.example"},
        {"Mon, 5 Aug 2024 09:12:00 +0900", "休暇期間：2024/08/10～2024/08/18\n返信は休暇明けになります。", "2024-08-18",
         false, "-", "-"},
        {"Mon, 5 Aug 2024 09:12:00 +0900",
         "田中は7月31日をもちまして退職いたしました。今後は eigyo@kaisha.example までお願いいたします。", "-", true,
         "-", "eigyo@kaisha.example"},
        {"Mon, 5 Aug 2024 09:12:00 +0800", "您好，我正在休假，8月20日返回办公室。如有急事请联系 li@gongsi.example。",
         "2024-08-20", false, "-", "li@gongsi.example"},
        {"Mon, 5 Aug 2024 09:12:00 +0800", "本人已离职，请联系 hr@gongsi.example。", "-", true, "-",
         "hr@gongsi.example"},
        {"Mon, 5 Aug 2024 09:12:00 +0800", "我將於2024年8月1日至2024年8月9日休假。", "2024-08-09", false, "-", "-"},
        {"Mon, 5 Aug 2024 09:12:00 +0900", "8월 14일까지 휴가입니다. 급한 용무는 park@hoesa.example 로 연락 바랍니다.",
         "2024-08-14", false, "-", "park@hoesa.example"},
        {"Mon, 5 Aug 2024 09:12:00 +0900", "김철수는 퇴사하였습니다.", "-", true, "-", "-"},
        {"Mon, 5 Aug 2024 09:12:00 +0300",
         "أنا خارج المكتب حتى 20 أغسطس 2024. للأمور العاجلة يرجى التواصل مع noor@sharika.example", "2024-08-20", false,
         "-", "noor@sharika.example"},
        {"Mon, 5 Aug 2024 09:12:00 +0300", "لم يعد سامي يعمل في الشركة.", "-", true, "-", "-"},
        {"Mon, 5 Aug 2024 09:12:00 +0300", "אני בחופשה עד 18.8.2024. בעניינים דחופים נא לפנות אל rina@hevra.example",
         "2024-08-18", false, "-", "rina@hevra.example"},
        {"Mon, 5 Aug 2024 09:12:00 +0300",
         "16 Ağustos'a kadar izindeyim. Acil durumlarda ayse@sirket.example ile iletişime geçebilirsiniz.",
         "2024-08-16", false, "-", "ayse@sirket.example"},
        {"Mon, 5 Aug 2024 09:12:00 +0200", "Szabadságon vagyok augusztus 16-ig. Sürgős esetben: kata@ceg.example",
         "2024-08-16", false, "-", "kata@ceg.example"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *r = reply_of("Automatic reply", rows[i].date, "uwe@alt.example", rows[i].text);
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_UNTIL), rows[i].until, "%s", rows[i].text);
        cr_expect_eq(bounce_report_auto_reply_left(r), rows[i].left, "%s", rows[i].text);
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_NEW_ADDRESS), rows[i].new_address, "%s", rows[i].text);
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_ALTERNATIVE_CONTACT), rows[i].contact, "%s",
                         rows[i].text);
    }
}

/* The forms of a day, in front of a sure word. */
Test(auto_reply, forms_of_a_day)
{
    static const struct {
        const char *text, *until;
    } rows[] = {
        {"until 2024-08-09", "2024-08-09"},
        {"until 2024/8/9", "2024-08-09"},
        {"until 09.08.2024", "2024-08-09"},
        {"until 9.8.24", "2024-08-09"},
        {"until 9. 8. 2024", "2024-08-09"},
        {"until 09.08.", "2024-08-09"},
        {"until 09-08-2024 bis", "2024-08-09"},
        {"until August 9", "2024-08-09"},
        {"until Aug. 9th, 2024", "2024-08-09"},
        {"until the 9th of August", "2024-08-09"},
        {"until Friday, 9 August 2024", "2024-08-09"},
        {"until 9 Aug 17:00", "2024-08-09"},
        {"until 2024年8月9日", "2024-08-09"},
        {"until 2024년 8월 9일", "2024-08-09"},
        {"until 2024. 8. 9.", "2024-08-09"},
        {"until 13/08", "2024-08-13"},
        {"until 08/13", "2024-08-13"},
        {"until 08/08", "2024-08-08"},
        {"until 8/9", "-"},
        {"until 8/9/2024", "-"},
        {"bis 8/9/2024", "2024-09-08"},
        {"8/9まで", "2024-08-09"},
        /* No days. */
        {"until 24/7", "-"},
        {"until 17:30", "-"},
        {"until 5", "-"},
        {"until August", "-"},
        {"until 31 June", "-"},
        {"until 30.02.2025", "-"},
        {"until 29.02.2024", "2024-02-29"},
        {"until 29.02.", "2028-02-29"},
        {"until version 1.2.3", "-"},
        {"until 192.0.2.8", "-"},
        {"until +49 30 12.08.55", "-"},
        {"until 13/13", "-"},
        /* Days without words that say what they end. */
        {"on 9 August", "-"},
        {"sent 9 August; I am away until further notice", "-"},
        {"Meet us until next year. We open 9 August", "-"},
        {"I am away until \"9 August\"", "-"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(until_of(MONDAY, rows[i].text), rows[i].until, "%s", rows[i].text);
}

/* The first such day after the Date of the mail. */
Test(auto_reply, year)
{
    static const struct {
        const char *date, *text, *until;
    } rows[] = {
        {"Mon, 30 Dec 2024 10:00:00 +0000", "until 7 January", "2025-01-07"},
        {"Mon, 5 Aug 2024 10:00:00 +0000", "until 5 August", "2024-08-05"},
        {"Mon, 5 Aug 2024 20:00:00 -0700", "until 5 August", "2024-08-05"},
        {"Mon, 5 Aug 2024 10:00:00 +0000", "until 3 August", "2025-08-03"},
        {"Mon, 5 Aug 2024 10:00:00 +0000", "until 3 August 2023", "2023-08-03"},
        {NULL, "until 7 January", "-"},
        {NULL, "until 7 January 2025", "2025-01-07"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(until_of(rows[i].date, rows[i].text), rows[i].until, "row %zu", i);
}

/* A subject tells the absence, but what is answered is somebody else's. */
Test(auto_reply, subject)
{
    static const struct {
        const char *subject, *until;
    } rows[] = {
        {"Automatic reply: Offer until 9 August", "-"},
        {"Out of office until 9 August", "2024-08-09"},
        {"AUTO: Jo Doe is out of the office (returning 08/15/2024)", "2024-08-15"},
        {"Automatic reply: Jo has left the company", "-"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *r = reply_of(rows[i].subject, MONDAY, "jo@old.example", "Thank you.");
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_UNTIL), rows[i].until, "%s", rows[i].subject);
        cr_expect_not(bounce_report_auto_reply_left(r), "%s", rows[i].subject);
    }
}

/* Whose address it is, and where it stands. */
Test(auto_reply, addresses)
{
    static const struct {
        const char *text, *new_address, *contact;
    } rows[] = {
        {"Please contact jo@old.example.", "-", "-"},
        {"Please contact news@shop.example.", "-", "-"},
        {"Please contact ann@old.example or bob@old.example.", "-", "ann@old.example"},
        {"My new address is jo@new.example, not jo@old.example.", "jo@new.example", "-"},
        {"I am away.\n\nBest regards\nJo\ncontact: info@old.example", "-", "-"},
        {"I am away.\n\nBest regards\nJo\n\nOld Ltd, contact info@old.example", "-", "-"},
        {"I am away.\n-- \nUrgent? contact info@old.example.", "-", "-"},
        {"I am away.\n\n> please contact ann@other.example", "-", "-"},
        {"I am away.\n\n-----Original Message-----\nplease contact ann@other.example", "-", "-"},
        {"I am away.\n\nAnn wrote to me: ann@other.example", "-", "-"},
        {"In urgent cases:\n\nAnn Doe\nann@old.example", "-", "ann@old.example"},
        {"Please contact Dr. Ann Doe (ann@old.example).", "-", "ann@old.example"},
        {"Please contact us. Our list lives at list@old.example.", "-", "-"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *r = reply_of("Automatic reply", MONDAY, "jo@old.example", rows[i].text);
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_NEW_ADDRESS), rows[i].new_address, "%s", rows[i].text);
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_ALTERNATIVE_CONTACT), rows[i].contact, "%s",
                         rows[i].text);
    }
}

/* Who acknowledges a message is not away until the day by which it will be answered. */
Test(auto_reply, acknowledgement)
{
    bounce_report *r = reply_of("We have received your request", MONDAY, "help@old.example",
                                "You will hear from us until 9 August. Urgent? Write to desk@old.example.");
    cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_UNTIL), "-");
    cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_ALTERNATIVE_CONTACT), "desk@old.example");
}

/* Only automatic replies tell these. */
Test(auto_reply, other_kinds)
{
    bounce_report *r = parse_mail("From: Ann <ann@example.org>\nTo: b@example.net\nSubject: lunch\n"
                                  "Date: " MONDAY "\n\nI am away until 9 August.\n");
    cr_expect_eq(bounce_report_kind(r), BOUNCE_KIND_NONE);
    cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_UNTIL), "-");
    const char *json;
    bounce_report_json(r, NULL, &json, NULL);
    cr_expect(strstr(json, "\"machine\":false,\"auto_reply\":null,"));
}

/* Long and odd texts end in time, and split no character. */
Test(auto_reply, hostile)
{
    static char text[60000];
    const char *const pieces[] = {"1/1/24 ",      "до ",        "\xf0\x9f\x93\x85", "contact a@b.example; ",
                                  "until until ", "\"5 May\" ", "\xc3\xa9\xc3\xa9", "8月",
                                  "3.-"};
    for (size_t i = 0; i < COUNT(pieces); i++) {
        text[0] = '\0';
        const size_t n = strlen(pieces[i]);
        for (size_t k = 0; k + n < 20000; k += n)
            memcpy(text + k, pieces[i], n + 1);
        reply_of("Automatic reply", MONDAY, "jo@old.example", text);
    }
}
