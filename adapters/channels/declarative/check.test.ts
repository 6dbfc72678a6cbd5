import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'

import { FUNCTIONS } from '../../../platform/descriptor/functions.ts'
import { checkDescriptor } from './check.ts'
import { DescriptorSchema } from './schema.ts'
import { shippedDescriptor, shippedNames } from './shipped.ts'
import { STATE_MEANINGS } from './vocabulary.ts'

type Loose = Record<string, unknown>

const GOOD = shippedDescriptor('cross-border-wallet')

/** The problems of the good one after a change to its data. */
function problemsAfter(change: (descriptor: Loose) => void): string[] {
  const descriptor = parse(GOOD) as Loose
  change(descriptor)
  return checkDescriptor(stringify(descriptor)).map(({ pointer, code }) => `${pointer} ${code}`)
}

const at = (document: unknown, ...path: (string | number)[]): Loose =>
  path.reduce<unknown>((value, part) => (value as Loose)[part], document) as Loose

it.each(shippedNames())('%s has no problems', (name) => {
  expect(checkDescriptor(shippedDescriptor(name))).toEqual([])
})

it('reads JSON as it reads YAML', () => {
  expect(checkDescriptor(JSON.stringify(parse(GOOD)))).toEqual([])
})

it('names every problem of the form by its pointer, in plain words of both languages', () => {
  const text = GOOD.replace('format: 1', 'format: 2')
    .replace('hosts: [baseUrl, backupUrl]', 'hosts: []')
    .replace('nonceBytes: 16', 'nonceBytes: 4')
    .replace('CAPTURED: confirmed', 'CAPTURED: done')
  const lineOf = (words: string) => text.split('\n').findIndex((line) => line.includes(words)) + 1
  expect(checkDescriptor(text)).toMatchObject([
    { pointer: '/format', code: 'not_a_choice', line: lineOf('format: 2') },
    { pointer: '/hosts', code: 'too_few', zh: '至少 1 项', line: lineOf('hosts: []') },
    { pointer: '/wire/nonceBytes', code: 'too_small', line: lineOf('nonceBytes') },
    {
      pointer: '/query/answer/states/CAPTURED',
      code: 'not_a_choice',
      en: 'must be one of: confirmed, pending, declined, closed, absent, unknown',
      line: lineOf('CAPTURED: done'),
    },
  ])
})

it('refuses what it does not know, and says what is missing', () => {
  expect(problemsAfter((d) => void (d['chargeback'] = {}))).toEqual(['/chargeback not_known'])
  expect(problemsAfter((d) => void delete d['refund'])).toEqual(['/refund missing'])
  expect(problemsAfter((d) => void (at(d, 'query')['retries'] = 3))).toEqual([
    '/query/retries not_known',
  ])
  expect(problemsAfter((d) => void delete at(d, 'answers')['verify'])).toEqual([
    '/answers/verify missing',
  ])
})

it('says where a text is no YAML, and takes no endless one', () => {
  expect(checkDescriptor('a: [1, 2\nb: "x')[0]).toMatchObject({ code: 'unreadable' })
  expect(checkDescriptor('a: 1\na: 2')[0]).toMatchObject({ code: 'unreadable', line: 2 })
  expect(checkDescriptor('')).not.toEqual([])
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
  for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe'].map((pair) => pair.split(''))) {
    bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(', ')}]`)
  }
  expect(checkDescriptor(bomb.join('\n'))[0]).toMatchObject({ code: 'unreadable' })
  expect(checkDescriptor('x'.repeat(300_000))[0]).toMatchObject({ code: 'too_long' })
})

describe('what the form allows and makes no sense', () => {
  const CASES: [string, (d: Loose) => void, string[]][] = [
    ['no method', (d) => void (d['charge'] = {}), ['/charge no_method']],
    ['a host that is no origin', (d) => void (d['hosts'] = ['partnerNo']), ['/hosts/0 no_origin']],
    [
      'a key of another kind',
      (d) => void (at(d, 'wire', 'sign')['key'] = 'partnerNo'),
      ['/wire/sign/key wrong_key'],
    ],
    [
      'a key that is not there',
      (d) => void (at(d, 'wire', 'sign')['key'] = 'lostKey'),
      ['/wire/sign/key no_parameter'],
    ],
    [
      'a secret in a template',
      (d) => void (at(d, 'wire', 'headers')['x-wallet-partner'] = '{partnerSecret}'),
      ['/wire/headers/x-wallet-partner unknown_name'],
    ],
    [
      'a secret in an expression',
      (d) => void (at(d, 'query', 'answer')['read'] = '{ "state": params.partnerSecret }'),
      ['/query/answer/read secret'],
    ],
    [
      'a parameter nobody asks for',
      (d) => void (at(d, 'charge', 'page')['body'] = '{ "x": params.shopNo }'),
      ['/charge/page/body no_parameter'],
    ],
    [
      'a path with a refund’s number in a query of a charge',
      (d) => void (at(d, 'query')['path'] = '/payments/{refundNo}'),
      ['/query/path unknown_name'],
    ],
    [
      'an expression that cannot be read',
      (d) => void (at(d, 'query', 'answer')['success'] = 'status = '),
      ['/query/answer/success no_expression'],
    ],
    [
      'an expression that reads the clock',
      (d) => void (at(d, 'charge', 'page')['body'] = '{ "at": $now() }'),
      ['/charge/page/body not_allowed'],
    ],
    [
      'a request that cannot be made of an order',
      (d) => void (at(d, 'charge', 'page')['body'] = '{ "x": $yuan(order.description) }'),
      ['/charge/page/body cannot_be_made'],
    ],
    [
      'a request that is no object',
      (d) => void (at(d, 'charge', 'page')['body'] = 'order.tradeNo'),
      ['/charge/page/body cannot_be_made'],
    ],
    [
      'a query that never finds money',
      (d) => void (at(d, 'query', 'answer', 'states')['CAPTURED'] = 'pending'),
      ['/query/answer never_ends'],
    ],
    [
      'a query that never finds nothing',
      (d) => void (at(d, 'query', 'answer')['errors'] = []),
      ['/query/answer never_ends'],
    ],
    [
      'a release that never releases',
      (d) => void (at(d, 'release', 'answer')['states'] = {}),
      ['/release/answer never_ends'],
    ],
    [
      'error codes without a place to read them',
      (d) => void delete at(d, 'refund', 'answer')['error'],
      ['/refund/answer/error missing'],
    ],
    [
      'a timestamp that is not looked at',
      (d) => void delete at(d, 'answers', 'verify')['maxAgeSeconds'],
      ['/answers/verify/maxAgeSeconds missing'],
    ],
    [
      'a signature without a place',
      (d) => void delete at(d, 'wire', 'sign')['header'],
      ['/wire/sign place'],
    ],
    [
      'MD5 without a key',
      (d) => {
        const sign = at(d, 'wire', 'sign')
        sign['algorithm'] = 'MD5'
      },
      ['/wire/sign/content/keySuffix missing'],
    ],
    [
      'a statement of which nothing is counted',
      (d) => {
        const totals = at(d, 'statement', 'file', 'totals')
        totals['checks'] = [{ total: 'fees', equals: 'fee', of: 'all', column: 'fee' }]
      },
      ['/statement/file/totals/checks no_check', '/statement/file/totals/checks no_check'], // count, sum
    ],
    [
      'a footer for a JSON file',
      (d) => void (at(d, 'statement', 'file', 'totals')['kind'] = 'footer'),
      ['/statement/file/rowPrefix missing', '/statement/file/totals/kind totals'],
    ],
    [
      'notices without an address for them',
      (d) => {
        const parameters = d['parameters'] as Loose[]
        d['parameters'] = parameters.filter(({ format }) => format !== 'notify_url')
      },
      ['/charge/page/body no_parameter', '/refund/body no_parameter', '/notice no_notify_url'],
    ],
    [
      'a parameter that stands twice, under a reserved name',
      (d) => {
        const parameters = d['parameters'] as Loose[]
        const title = { zh: '时间', en: 'Time' }
        parameters.push({ name: 'nonce', title, format: 'text' })
        parameters.push({ name: 'nonce', title, format: 'text' })
      },
      ['/parameters/5/name reserved', '/parameters/6/name twice', '/parameters/6/name reserved'],
    ],
  ]

  it.each(CASES)('%s', (_what, change, expected) => {
    expect(problemsAfter(change)).toEqual(expected)
  })
})

it('is described on its page: every field, function and word', () => {
  const page = readFileSync(
    join(import.meta.dirname, '../../../docs/interface/channel-descriptor.md'),
    'utf8',
  )
  const fields = Object.keys(DescriptorSchema.properties).map((name) => `\`${name}\``)
  const functions = Object.keys(FUNCTIONS).map((name) => `\`$${name}(`)
  const words = Object.entries(STATE_MEANINGS).map(
    ([name, states]) => `| ${name} | ${states.join(', ')} |`,
  )
  expect([...fields, ...functions, ...words].filter((word) => !page.includes(word))).toEqual([])
})
