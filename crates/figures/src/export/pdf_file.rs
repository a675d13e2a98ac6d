//! A PDF file of one page of vectors (ISO 32000): a catalogue, a page, its packed content, and what is translucent.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// A page that is being drawn, in pixels from its upper left corner.
pub struct Page {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Width and height in points.
    points: (f64, f64),
    /// The operators so far.
    content: String,
    /// Opacities in use, in 255ths.
    opacities: BTreeSet<u8>,
}

/// Points of a centimetre.
const POINTS: f64 = 72.0 / 2.54;

impl Page {
    /// An empty page of `size` pixels on `physical` centimetres.
    pub fn new(size: (u32, u32), physical: (f64, f64)) -> Page {
        let points = (physical.0 * POINTS, physical.1 * POINTS);
        let scale = points.0 / f64::from(size.0);
        // Pixels count downwards, points upwards.
        let content = format!("{scale:.6} 0 0 {:.6} 0 {:.3} cm\n", -scale, points.1);
        Page { size, points, content, opacities: BTreeSet::new() }
    }

    /// Adds an operator with its operands.
    pub fn add(&mut self, operator: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        _ = self.content.write_fmt(operator);
        self.content.push('\n');
    }

    /// Sets the colour of fills and strokes, and how opaque they are.
    pub fn set_colour(&mut self, (r, g, b): (u8, u8, u8), alpha: f64) {
        let [r, g, b] = [r, g, b].map(|channel| f64::from(channel) / 255.0);
        let opacity = (alpha.clamp(0.0, 1.0) * 255.0).round() as u8;
        self.opacities.insert(opacity);
        self.add(format_args!("/a{opacity} gs {r:.3} {g:.3} {b:.3} rg {r:.3} {g:.3} {b:.3} RG"));
    }

    /// The file.
    pub fn into_bytes(self) -> Vec<u8> {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
        let packed = packer.write_all(self.content.as_bytes()).and_then(|()| packer.finish());
        let packed = packed.unwrap_or_else(|e| unreachable!("memory takes every byte: {e}"));
        let (width, height) = self.points;
        let states: String = self
            .opacities
            .iter()
            .map(|o| format!("/a{o} << /ca {0:.3} /CA {0:.3} >> ", f64::from(*o) / 255.0))
            .collect();
        let objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.3} {height:.3}] /Contents 4 0 R \
                 /Resources << /ExtGState << {states}>> >> >>"
            )
            .into_bytes(),
            [
                format!("<< /Length {} /Filter /FlateDecode >>\nstream\n", packed.len()).as_bytes(),
                &packed,
                b"\nendstream",
            ]
            .concat(),
        ];
        // The second line holds bytes above 127, so that no program takes the file for text.
        let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
        for (i, object) in objects.iter().enumerate() {
            _ = writeln!(table, "{:010} 00000 n ", file.len());
            file.extend(format!("{} 0 obj\n", i + 1).as_bytes());
            file.extend(object);
            file.extend(b"\nendobj\n");
        }
        let start = file.len();
        file.extend(table.as_bytes());
        let n_objects = objects.len() + 1;
        file.extend(
            format!("trailer\n<< /Size {n_objects} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
        );
        file
    }
}
