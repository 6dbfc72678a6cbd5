import { crc32, deflateRawSync } from 'node:zlib'

/**
 * An archive of a few files, as Alipay packs its bills: the names are bytes as given, and the flag that would call
 * them UTF-8 is off. Source: PKWARE's APPNOTE, sections 4.3 and 4.4.
 */
export function zipOf(files: readonly { name: Buffer; content: Buffer }[]): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content } of files) {
    const packed = deflateRawSync(content)
    const common = commonFields(content, packed, name)
    const local = Buffer.concat([u32(0x04034b50), u16(20), common, name, packed])
    const central = [u32(0x02014b50), u16(20), u16(20), common]
    // No comment, first volume, no attributes; then where the file lies.
    const more = [u16(0), u16(0), u16(0), u32(0), u32(offset)]
    directory.push(Buffer.concat([...central, ...more, name]))
    bodies.push(local)
    offset += local.length
  }
  const listed = Buffer.concat(directory)
  const counts = [u16(0), u16(0), u16(files.length), u16(files.length)]
  const end = [u32(0x06054b50), ...counts, u32(listed.length), u32(offset), u16(0)]
  return Buffer.concat([...bodies, listed, ...end])
}

/** From the flags to the length of the extra field, which both headers share. */
const commonFields = (content: Buffer, packed: Buffer, name: Buffer): Buffer =>
  Buffer.concat([
    u16(0),
    u16(8),
    u16(0), // midnight
    u16(0x21), // of the first day the format knows
    u32(crc32(content)),
    u32(packed.length),
    u32(content.length),
    u16(name.length),
    u16(0),
  ])

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
