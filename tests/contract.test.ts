import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript'
import { describe, expect, it } from 'vitest'

import { contractOf } from '../apps/cli/contract.ts'
import { hospitalDocument } from '../modules/hospitals/index.ts'

// contract/ is what others build on, the web apps among them. It is made of the routes themselves, and
// committed, so that a change of it is seen in the change that makes it. Made anew by: npm run contract

const CONTRACT = join(import.meta.dirname, '../contract')
const committed = readFileSync(join(CONTRACT, 'hub.json'), 'utf8')

describe('the contract', () => {
  it('[F3] is what the routes declare', async () => {
    expect(JSON.parse(committed)).toEqual(await contractOf())
  })

  it('is written in one form, so that a change of it reads well', () => {
    expect(committed).toBe(`${JSON.stringify(JSON.parse(committed), null, 2)}\n`)
  })

  it('has types, and they are its own', async () => {
    const types = COMMENT_HEADER + astToString(await openapiTS(committed))
    expect(readFileSync(join(CONTRACT, 'hub.d.ts'), 'utf8')).toBe(types)
  })

  it('says of every operation what it is called, what it does, and how it fails', () => {
    const contract = JSON.parse(committed) as Contract
    expect(operationsOf(contract).length).toBeGreaterThan(15)
    expect(problemsOf(contract)).toEqual([])
  })
})

describe('the contract of a hospital', () => {
  it('[H1] is what the interface declares, in about thirty operations', async () => {
    const document = JSON.parse(readFileSync(join(CONTRACT, 'hospital.json'), 'utf8')) as Contract
    expect(document).toEqual(hospitalDocument())
    expect(Object.keys(document.paths)).toHaveLength(30)
    // Others make their types of it.
    expect(astToString(await openapiTS(JSON.stringify(document)))).toContain('bills.writeBack')
  })
})

const failures = {
  '4XX': problemResponse('#/components/schemas/Problem'),
  '5XX': problemResponse('#/components/schemas/Problem'),
}
const good = {
  operationId: 'getBill',
  summary: 'One bill',
  tags: ['bills'],
  responses: { 200: {}, ...failures },
}

it.each<[string, Partial<Operation>, string[]]>([
  ['nothing', {}, []],
  ['a name', { operationId: '' }, ['"" is no name like getBill']],
  ['a name of one form', { operationId: 'Get_Bill' }, ['"Get_Bill" is no name like getBill']],
  ['a summary', { summary: ' ' }, ['no summary']],
  ['a tag', { tags: [] }, ['no tag']],
  ['a success', { responses: { ...failures } }, ['no answer of success']],
  [
    'problems',
    { responses: { 200: {}, '4XX': problemResponse('#/components/schemas/Bill') } },
    ['4XX is no Problem', '5XX is no Problem'],
  ],
])('an operation that lacks %s', (_what, flaw, problems) => {
  const contract = { paths: { '/v1/bill': { get: { ...good, ...flaw } } } }
  expect(problemsOf(contract)).toEqual(problems.map((problem) => `get /v1/bill: ${problem}`))
})

it('two operations of one name', () => {
  const contract = { paths: { '/v1/a': { get: good, post: good }, '/v1/b': { get: good } } }
  expect(problemsOf(contract)).toEqual(['getBill is the name of 3 operations'])
})

function problemsOf(contract: Contract): string[] {
  const operations = operationsOf(contract)
  const names = operations.map(({ operation }) => operation.operationId ?? '')
  const counts = [...new Set(names)].map((name) => ({
    name,
    count: names.filter((other) => other === name).length,
  }))
  return [
    ...counts
      .filter(({ count }) => count > 1)
      .map(({ name, count }) => `${name} is the name of ${count} operations`),
    ...operations.flatMap(({ place, operation }) =>
      problemsOfOperation(operation).map((problem) => `${place}: ${problem}`),
    ),
  ]
}

function problemsOfOperation({ operationId = '', summary = '', tags = [], responses }: Operation) {
  const refOf = (status: string) =>
    responses[status]?.content?.['application/json']?.schema.$ref ?? ''
  return [
    ...(/^[a-z][a-zA-Z]+$/.test(operationId) ? [] : [`"${operationId}" is no name like getBill`]),
    ...(summary.trim() === '' ? ['no summary'] : []),
    ...(tags.length === 0 ? ['no tag'] : []),
    ...(Object.keys(responses).some((status) => /^2\d\d$/.test(status))
      ? []
      : ['no answer of success']),
    ...['4XX', '5XX']
      .filter((status) => refOf(status) !== '#/components/schemas/Problem')
      .map((status) => `${status} is no Problem`),
  ]
}

const operationsOf = ({ paths }: Contract) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      place: `${method} ${path}`,
      operation,
    })),
  )

function problemResponse($ref: string): Response {
  return { content: { 'application/json': { schema: { $ref } } } }
}

type Response = { content?: { 'application/json'?: { schema: { $ref?: string } } } }
type Operation = {
  operationId?: string
  summary?: string
  tags?: string[]
  responses: Record<string, Response>
}
type Contract = { paths: Record<string, Record<string, Operation>> }
