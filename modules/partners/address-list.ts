import { BlockList, isIP } from 'node:net'

const PREFIX_BITS = { 4: 32, 6: 128 } as const

/** '203.0.113.7', '203.0.113.0/24' or '2001:db8::/32'; a range that holds everything is a mistake, and no range. */
export function isAddressRange(text: string): boolean {
  const range = partsOf(text)
  return range !== null && range.prefix > 0
}

/** True when the address is in one of the ranges, or when there are none. */
export function isAddressAllowed(ranges: readonly string[], address: string): boolean {
  if (ranges.length === 0) return true
  const list = new BlockList()
  for (const text of ranges) {
    const range = partsOf(text)
    if (range) list.addSubnet(range.address, range.prefix, familyOf(range.version))
  }
  // A server that listens for both versions shows a caller of the fourth as one of the sixth.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  const version = isIP(plain)
  return version !== 0 && list.check(plain, familyOf(version as 4 | 6))
}

function partsOf(text: string): { address: string; version: 4 | 6; prefix: number } | null {
  const match = /^([0-9a-fA-F.:]{2,45})(?:\/(\d{1,3}))?$/.exec(text)
  const address = match?.[1] ?? ''
  const version = isIP(address)
  if (version === 0) return null
  const most = PREFIX_BITS[version as 4 | 6]
  const prefix = match?.[2] === undefined ? most : Number(match[2])
  return prefix <= most ? { address, version: version as 4 | 6, prefix } : null
}

const familyOf = (version: 4 | 6) => (version === 4 ? 'ipv4' : 'ipv6')
