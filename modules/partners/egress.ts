import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

/** All addresses of a host name. Handed in, so that a test can be the name server. */
export type Resolve = (host: string) => Promise<readonly string[]>

export const resolveByDns: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)

const MOST_URL_LENGTH = 500

export type UrlRefusal = 'not_a_url' | 'not_https' | 'has_credentials' | 'has_fragment' | 'private'

/**
 * Whether a receiver's address may be kept: https without a password in it, to a host outside of our own networks.
 * A name is not looked up here but before each call, as it may lead elsewhere by then. With `allowLoopback`, for a
 * sandbox, also http to this machine.
 */
export function judgeUrl(
  text: string,
  { allowLoopback }: { allowLoopback: boolean },
): { url: URL } | { refusal: UrlRefusal } {
  if (text.length > MOST_URL_LENGTH || !URL.canParse(text)) return { refusal: 'not_a_url' }
  const url = new URL(text)
  const isLocal = allowLoopback && isLoopbackHost(hostOf(url))
  if (url.protocol !== 'https:' && !(isLocal && url.protocol === 'http:')) {
    return { refusal: 'not_https' }
  }
  if (url.username !== '' || url.password !== '') return { refusal: 'has_credentials' }
  if (url.hash !== '') return { refusal: 'has_fragment' }
  const host = hostOf(url)
  if (isLocal) return { url }
  if (isIP(host) ? !isPublicAddress(host) : isLocalName(host)) return { refusal: 'private' }
  return { url }
}

/** Without the brackets around an address of version 6. Numbers in any base are dotted quads by now. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

/**
 * The addresses that a call to this URL may go to; null when there are none, or when one of them is in a network of
 * our own: a name with a public and a private address is a trick.
 */
export async function addressesOf(
  url: URL,
  { resolve, allowLoopback }: { resolve: Resolve; allowLoopback: boolean },
): Promise<readonly string[] | null> {
  const host = hostOf(url)
  const addresses = isIP(host) ? [host] : await resolve(host)
  const isFit = (address: string) =>
    isPublicAddress(address) || (allowLoopback && isLoopbackAddress(address))
  return addresses.length > 0 && addresses.every(isFit) ? addresses : null
}

const isLocalName = (host: string) =>
  !host.includes('.') || /(^|\.)(localhost|local|internal|home\.arpa|lan)\.?$/.test(host)

const isLoopbackHost = (host: string) => host === 'localhost' || isLoopbackAddress(host)

const isLoopbackAddress = (address: string) => /^127\.\d+\.\d+\.\d+$|^::1$/.test(address)

// Source: the registries of special-purpose addresses, RFC 6890 and its updates.
const NOT_PUBLIC_V4 = blockList('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
])
const GLOBAL_V6 = blockList('ipv6', [['2000::', 3]])
// Parts of it that lead to an address of version 4, or nowhere.
const NOT_PUBLIC_V6 = blockList('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
])

/** True for an address of the open internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !NOT_PUBLIC_V4.check(address, 'ipv4')
    case 6:
      return GLOBAL_V6.check(address, 'ipv6') && !NOT_PUBLIC_V6.check(address, 'ipv6')
    default:
      return false
  }
}

function blockList(family: 'ipv4' | 'ipv6', ranges: readonly (readonly [string, number])[]) {
  const list = new BlockList()
  for (const [address, prefix] of ranges) list.addSubnet(address, prefix, family)
  return list
}
