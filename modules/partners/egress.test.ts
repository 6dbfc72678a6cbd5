import { describe, expect, it } from 'vitest'

import { addressesOf, isPublicAddress, judgeUrl } from './egress.ts'

const LIVE = { allowLoopback: false }
const SANDBOX = { allowLoopback: true }

const refusalOf = (text: string, options = LIVE) => {
  const judged = judgeUrl(text, options)
  return 'refusal' in judged ? judged.refusal : null
}

describe('an address that may be kept', () => {
  it.each([
    'https://bank.example/hooks',
    'https://bank.example:8443/hooks?x=1',
    'https://93.184.216.34/',
    'https://[2606:2800:220:1:248:1893:25c8:1946]/',
    'https://医院.example/',
  ])('%s', (url) => expect(refusalOf(url)).toBeNull())

  it('is one of this machine in a sandbox alone', () => {
    const own = [
      'http://127.0.0.1:9/x',
      'http://localhost:9/',
      'https://127.0.0.1/',
      'http://[::1]/',
    ]
    for (const url of own) {
      expect(refusalOf(url, SANDBOX)).toBeNull()
      expect(refusalOf(url)).not.toBeNull()
    }
    expect(refusalOf('http://192.168.0.1/', SANDBOX)).toBe('not_https')
    expect(refusalOf('https://192.168.0.1/', SANDBOX)).toBe('private')
    expect(refusalOf('http://bank.example/', SANDBOX)).toBe('not_https')
  })
})

describe('an address that may not', () => {
  it.each([
    [
      'not_a_url',
      ['', 'bank.example', '//bank.example', 'https://', `https://a.example/${'x'.repeat(500)}`],
    ],
    [
      'not_https',
      [
        'http://bank.example/',
        'ftp://bank.example',
        'file:///etc/passwd',
        'gopher://a.b/',
        'javascript:1',
        'data:,x',
      ],
    ],
    ['has_credentials', ['https://a:b@bank.example/', 'https://a@bank.example/']],
    ['has_fragment', ['https://bank.example/#x']],
    [
      'private',
      [
        'https://127.0.0.1/',
        'https://127.1/',
        'https://2130706433/',
        'https://0x7f000001/',
        'https://0177.0.0.1/',
        'https://0x7f.1/',
        'https://0/',
        'https://10.1.2.3/',
        'https://172.16.0.1/',
        'https://172.31.255.255/',
        'https://192.168.1.1/',
        'https://169.254.169.254/latest/meta-data/',
        'https://100.64.0.1/',
        'https://198.18.0.1/',
        'https://192.0.0.8/',
        'https://224.0.0.1/',
        'https://255.255.255.255/',
        'https://１２７.０.０.１/',
        'https://127。0。0。1/',
        'https://[::1]/',
        'https://[::]/',
        'https://[::ffff:127.0.0.1]/',
        'https://[::ffff:a00:1]/',
        'https://[::127.0.0.1]/',
        'https://[64:ff9b::7f00:1]/',
        'https://[fe80::1]/',
        'https://[fc00::1]/',
        'https://[fd12:3456::1]/',
        'https://[ff02::1]/',
        'https://[2002:7f00:1::]/',
        'https://[2001:db8::1]/',
        'https://[2001::1]/',
        'https://localhost/',
        'https://LOCALHOST./',
        'https://a.localhost/',
        'https://intranet/',
        'https://db.internal/',
        'https://printer.local/',
      ],
    ],
  ])('%s', (refusal, urls) => {
    expect(urls.map((url) => [url, refusalOf(url)])).toEqual(urls.map((url) => [url, refusal]))
  })
})

describe('a name', () => {
  const look = (addresses: string[], options = LIVE) =>
    addressesOf(new URL('https://bank.example/'), { resolve: async () => addresses, ...options })

  it('leads to all its addresses when every one is public', async () => {
    expect(await look(['93.184.216.34', '2606:2800::1'])).toEqual(['93.184.216.34', '2606:2800::1'])
  })

  it.each([
    [['10.0.0.1']],
    [['93.184.216.34', '127.0.0.1']],
    [['::1']],
    [['::ffff:10.0.0.1']],
    [[]],
    [['x']],
  ])('leads nowhere by %j', async (addresses) => expect(await look(addresses)).toBeNull())

  it('may lead to this machine in a sandbox, and never to its neighbours', async () => {
    expect(await look(['127.0.0.1'], SANDBOX)).toEqual(['127.0.0.1'])
    expect(await look(['192.168.0.1'], SANDBOX)).toBeNull()
    expect(await look(['::ffff:127.0.0.1'], SANDBOX)).toBeNull()
  })
})

it.each([
  ['1.1.1.1', true],
  ['172.15.0.1', true],
  ['172.32.0.1', true],
  ['100.63.255.255', true],
  ['100.128.0.1', true],
  ['223.255.255.255', true],
  ['169.253.0.1', true],
  ['2001:4860:4860::8888', true],
  ['2a00::1', true],
  ['4000::1', false],
  ['not an address', false],
])('%s is public: %s', (address, expected) => expect(isPublicAddress(address)).toBe(expected))
