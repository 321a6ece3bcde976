//! Tests the values and units of numbers in the notations of several countries.

use crate::fact::{Publication, facts};

#[test]
fn abbreviated_and_spaced_numbers_have_their_values() {
    for (text, expected) in [
        ("Some 7 851 cases were counted.", "7851 -"),
        ("It costs €1 200.", "1200 EUR"),
        ("about 12 500 units", "12500 -"),
        ("8\t104 individuals were fined.", "104 person"),
        ("On May 12 300 people marched.", "300 person"),
        ("1.5m homes", "1500000 -"),
        ("2.3m people", "2300000 person"),
        ("300k jobs", "300000 -"),
        ("two 25m pools", "25 m"),
        ("a cable of 40m in total", "40 m"),
        ("A quarter of a million people came.", "250000 person"),
        ("three quarters of a million people", "750000 person"),
        ("1 in 5 adults smoke", "20 %"),
        ("Three in ten children walk.", "30 %"),
        ("1 in 5 years", "5 year"),
        ("15,5 millions de dollars", "15500000 -"),
        ("RM5 million and Rs 200", "5000000 MYR|200 INR"),
        ("KRW 12.2 trillion, 3.2 trillion won", "12200000000000 KRW|3200000000000 KRW"),
        ("the 5 won a prize", ""),
        (
            "₦45 billion, CHF 3 million and 5 million baht",
            "45000000000 NGN|3000000 CHF|5000000 THB",
        ),
        ("a rate of 4-1/4 to 4-1/2 percent", "4.25 %|4.5 %"),
        ("a rate of 5 1/2 percent", "5.5 %"),
        ("It stood at 3,0 per cent.", "3 %"),
        ("about 1,200 percent", "1200 %"),
        ("約21 700個單位", "21700 -"),
        ("2024年共有12 345名學生", "12345 person"),
        ("人數為1萬2930人", "12930 person"),
        ("投资12万5600元", "125600 CNY"),
        ("Phone: +1 202 623-7100 Email", ""),
        ("stage 3 tax cuts", "3 -"),
        ("See page 12.", ""),
        ("aged 12", "12 year"),
    ] {
        let facts = facts(text, Publication::default());
        let printed: Vec<String> = facts
            .quantities
            .iter()
            .map(|quantity| {
                format!("{} {}", quantity.value, quantity.unit.map_or("-", |unit| unit.name))
            })
            .collect();
        assert_eq!(printed.join("|"), expected, "{text}");
    }
}
