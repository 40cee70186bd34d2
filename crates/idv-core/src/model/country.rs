//! Country codes of two letters, and of three.

use std::fmt;
use std::str::FromStr;

/// The officially assigned codes of ISO 3166-1 alpha-2, in the order of the alphabet: 249 as of 2023-04-05 (ISO/TC 46 N1108,
/// by way of `iso3166.tab` of the IANA time zone database, which is in the public domain).
const ASSIGNED: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE \
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM \
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC \
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA \
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO \
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// The codes of three letters of the same countries, in the same order (ISO 3166-1 alpha-3). Many vendors write these.
const ALPHA_3: &str = "AND ARE AFG ATG AIA ALB ARM AGO ATA ARG ASM AUT AUS ABW ALA AZE BIH BRB BGD BEL BFA BGR \
    BHR BDI BEN BLM BMU BRN BOL BES BRA BHS BTN BVT BWA BLR BLZ CAN CCK COD CAF COG CHE CIV COK CHL CMR CHN COL \
    CRI CUB CPV CUW CXR CYP CZE DEU DJI DNK DMA DOM DZA ECU EST EGY ESH ERI ESP ETH FIN FJI FLK FSM FRO FRA GAB \
    GBR GRD GEO GUF GGY GHA GIB GRL GMB GIN GLP GNQ GRC SGS GTM GUM GNB GUY HKG HMD HND HRV HTI HUN IDN IRL ISR \
    IMN IND IOT IRQ IRN ISL ITA JEY JAM JOR JPN KEN KGZ KHM KIR COM KNA PRK KOR KWT CYM KAZ LAO LBN LCA LIE LKA \
    LBR LSO LTU LUX LVA LBY MAR MCO MDA MNE MAF MDG MHL MKD MLI MMR MNG MAC MNP MTQ MRT MSR MLT MUS MDV MWI MEX \
    MYS MOZ NAM NCL NER NFK NGA NIC NLD NOR NPL NRU NIU NZL OMN PAN PER PYF PNG PHL PAK POL SPM PCN PRI PSE PRT \
    PLW PRY QAT REU ROU SRB RUS RWA SAU SLB SYC SDN SWE SGP SHN SVN SJM SVK SLE SMR SEN SOM SUR SSD STP SLV SXM \
    SYR SWZ TCA TCD ATF TGO THA TJK TKL TLS TKM TUN TON TUR TTO TUV TWN TZA UKR UGA UMI USA URY UZB VAT VCT VEN \
    VGB VIR VNM VUT WLF WSM YEM MYT ZAF ZMB ZWE";

/// User-assigned, and in general use: Kosovo, as the European Union, SWIFT, CLDR and vendors write it, in two and three letters.
const IN_USE: &[(&str, &str)] = &[("XK", "XKX")];

/// Codes that are not assigned but are written for a country, each with the assigned one. The first two are those of the
/// European Union, and ISO has reserved them; the others were withdrawn when the country changed its name.
const OTHER_NAMES: &[(&str, &str)] =
    &[("UK", "GB"), ("EL", "GR"), ("BU", "MM"), ("FX", "FR"), ("DD", "DE"), ("TP", "TL"), ("ZR", "CD")];

/// The ISO 3166-1 alpha-2 code of a country, such as `DE`, and `XK` for Kosovo.
///
/// ```
/// use idv_core::CountryCode;
///
/// let country: CountryCode = "gb".parse().unwrap();
/// assert_eq!(country.as_str(), "GB");
/// assert_eq!("UK".parse::<CountryCode>().unwrap_err().to_string(), "this is no ISO 3166-1 code: did you mean \"GB\"?");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountryCode(&'static str);

impl CountryCode {
    /// The code, in capitals.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The code of three letters, in capitals (ISO 3166-1 alpha-3), such as `DEU`, and `XKX` for Kosovo.
    ///
    /// ```
    /// let country: idv_core::CountryCode = "gb".parse().unwrap();
    /// assert_eq!(country.alpha_3(), "GBR");
    /// ```
    #[must_use]
    pub fn alpha_3(self) -> &'static str {
        pairs().find(|(code, _)| *code == self.0).map_or(self.0, |(_, long)| long)
    }

    /// Reads a code of three letters, in either case; `None` where no country has it.
    #[must_use]
    pub fn from_alpha_3(text: &str) -> Option<Self> {
        pairs().find(|(_, long)| long.eq_ignore_ascii_case(text)).map(|(code, _)| Self(code))
    }
}

/// Why a text is no [`CountryCode`]. `Display` says what is expected, and never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CountryCodeError {
    /// Not two letters.
    #[error("expected an ISO 3166-1 alpha-2 code such as \"DE\"")]
    Malformed,
    /// Two letters that no country has.
    #[error("no country has this code: expected one of ISO 3166-1 alpha-2 such as \"DE\"")]
    Unassigned,
    /// Something else that is written for this country.
    #[error("this is no ISO 3166-1 code: did you mean \"{}\"?", .0.as_str())]
    OtherName(CountryCode),
}

impl FromStr for CountryCode {
    type Err = CountryCodeError;

    /// Takes either case.
    fn from_str(text: &str) -> Result<Self, CountryCodeError> {
        if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(CountryCodeError::Malformed);
        }
        let text = text.to_ascii_uppercase();
        if let Some(code) = known(&text) {
            return Ok(Self(code));
        }
        let other = OTHER_NAMES.iter().find(|(name, _)| *name == text).and_then(|(_, code)| known(code));
        Err(other.map_or(CountryCodeError::Unassigned, |code| CountryCodeError::OtherName(Self(code))))
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

fn known(code: &str) -> Option<&'static str> {
    pairs().map(|(known, _)| known).find(|known| *known == code)
}

/// Each code of two letters, with that of three.
fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    ASSIGNED.split(' ').zip(ALPHA_3.split(' ')).chain(IN_USE.iter().copied())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<&'static str, CountryCodeError> {
        text.parse::<CountryCode>().map(CountryCode::as_str)
    }

    #[test]
    fn the_table_is_that_of_the_standard() {
        let codes: Vec<&str> = ASSIGNED.split(' ').collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.is_sorted() && codes.iter().all(|code| read(code) == Ok(code)));
        for (other, code) in OTHER_NAMES {
            assert!(!codes.contains(other) && codes.contains(code), "{other}");
        }
    }

    /// The three letters are not those of the two with one more, so a table that slipped by one would be noticed here.
    #[test]
    fn each_country_has_one_code_of_three_letters() {
        assert_eq!(ALPHA_3.split(' ').count(), 249);
        let long: std::collections::BTreeSet<&str> = pairs().map(|(_, long)| long).collect();
        assert_eq!(long.len(), 250);
        for (code, long) in
            [("AD", "AND"), ("DE", "DEU"), ("GB", "GBR"), ("MX", "MEX"), ("ZW", "ZWE"), ("XK", "XKX")]
        {
            assert_eq!(code.parse::<CountryCode>().unwrap().alpha_3(), long);
            assert_eq!(CountryCode::from_alpha_3(&long.to_lowercase()).map(CountryCode::as_str), Some(code));
        }
        for none in ["", "DE", "XXX", "GER", "D", "DEUX"] {
            assert_eq!(CountryCode::from_alpha_3(none), None, "{none}");
        }
    }

    #[test]
    fn other_names_of_a_country_are_told_from_its_code() {
        assert_eq!(read("de"), Ok("DE"));
        assert_eq!(read("Xk"), Ok("XK"));
        for (text, said) in [
            ("UK", "this is no ISO 3166-1 code: did you mean \"GB\"?"),
            ("el", "this is no ISO 3166-1 code: did you mean \"GR\"?"),
            ("XX", "no country has this code: expected one of ISO 3166-1 alpha-2 such as \"DE\""),
            ("EU", "no country has this code: expected one of ISO 3166-1 alpha-2 such as \"DE\""),
            ("", "expected an ISO 3166-1 alpha-2 code such as \"DE\""),
            ("DEU", "expected an ISO 3166-1 alpha-2 code such as \"DE\""),
            ("\u{e4}", "expected an ISO 3166-1 alpha-2 code such as \"DE\""),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), said, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,3}") {
            if let Ok(code) = read(&text) {
                prop_assert!(code.eq_ignore_ascii_case(&text));
            }
        }
    }
}
