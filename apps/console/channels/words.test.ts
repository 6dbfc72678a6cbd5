import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import hub from '../../../contract/hub.json'
import enShared from '../../web/locales/en/channels.json'
import en from '../../web/locales/en/console.json'
import zhShared from '../../web/locales/zh-CN/channels.json'
import zh from '../../web/locales/zh-CN/console.json'
import { DOCUMENT_KINDS, METHODS, SCENES, TIERS } from './model.ts'

type Words = { [key: string]: string | Words }

const flat = (words: Words, prefix = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${prefix}${key}`, value] as [string, string]]
      : flat(value, `${prefix}${key}.`),
  )

const keysOf = (words: Words) => flat(words).map(([key]) => key)

describe('words for channels', () => {
  it('are the same in both languages, with the same gaps', () => {
    const gaps = (words: Words) =>
      flat(words).map(([key, text]) =>
        [key, ...(text.match(/\{\{\w+\}\}/g) ?? []).toSorted()].join(' '),
      )
    expect(gaps(en.channels)).toEqual(gaps(zh.channels))
    expect(keysOf(enShared)).toEqual(keysOf(zhShared))
  })

  it('are there for every key that the pages name', () => {
    const sources = readdirSync(import.meta.dirname)
      .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
      .map((path) => readFileSync(join(import.meta.dirname, path), 'utf8'))
    const used = sources.flatMap((source) =>
      [...source.matchAll(/'(channels[.:][\w.]+)'/g)].map(([, key = '']) => key),
    )
    const groups = sources.flatMap((source) =>
      [...source.matchAll(/`(channels[.:][\w.]+)\.\$\{/g)].map(([, group = '']) => group),
    )
    expect(used.length).toBeGreaterThan(150)
    expect(groups.length).toBeGreaterThan(30)
    const known = new Set([
      ...keysOf(zh.channels).map((key) => `channels.${key}`),
      ...keysOf(zhShared).map((key) => `channels:${key}`),
      'channels.rules_changed', // an error's code
    ])
    expect(used.filter((key) => !known.has(key))).toEqual([])
    const isGroup = (group: string) => [...known].some((key) => key.startsWith(`${group}.`))
    expect(groups.filter((group) => !isGroup(group))).toEqual([])
  })
})

/** What one part of a schema of the contract may be. */
function valuesOf(schema: string, ...path: string[]): string[] {
  const start: unknown = (hub.components.schemas as Record<string, unknown>)[schema]
  const found = path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], start)
  return (found as { enum: string[] }).enum
}

const REPORT = ['properties', 'dimensions', 'items', 'properties']
const FINDING = [...REPORT, 'findings', 'items', 'properties']
const RANKED = ['properties', 'ranked', 'items', 'properties', 'reasons', 'items', 'properties']
const REJECTED = ['properties', 'rejected', 'items', 'properties', 'reason', 'properties']

describe('every code of the hub has words', () => {
  it.each<[string, Words, string[]]>([
    ['a reason', zhShared.reasons, valuesOf('ChannelChoices', ...RANKED, 'code')],
    ['a rejection', zhShared.rejections, valuesOf('ChannelChoices', ...REJECTED, 'code')],
    ['a finding', zh.channels.findings, valuesOf('ChannelReport', ...FINDING, 'code')],
    ['a verdict', zh.channels.verdicts, valuesOf('ChannelReport', ...FINDING, 'verdict')],
    ['a dimension', zh.channels.dimensions, valuesOf('ChannelReport', ...REPORT, 'name')],
    ['an alert', zh.channels.alertClasses, valuesOf('ChannelAlert', 'properties', 'class')],
    ['its figures', zh.channels.alertFigures, valuesOf('ChannelAlert', 'properties', 'class')],
    ['a document', zh.channels.documentKinds, valuesOf('ChannelDocument', 'properties', 'kind')],
    [
      'a state',
      zh.channels.states,
      valuesOf('PaymentChannel', 'properties', 'health', 'properties', 'state'),
    ],
    ['a method', zhShared.methods, valuesOf('PaymentChannel', 'properties', 'methods', 'items')],
    ['a scene', zhShared.scenes, valuesOf('PaymentChannel', 'properties', 'scenes', 'items')],
  ])('%s', (_what, words, codes) => {
    expect(codes.length).toBeGreaterThan(0)
    expect(codes.filter((code) => words[code] === undefined)).toEqual([])
  })

  it('and the lists of the pages leave none out', () => {
    const properties = ['PaymentChannel', 'properties'] as const
    expect(METHODS).toEqual(valuesOf(...properties, 'methods', 'items'))
    expect(SCENES).toEqual(valuesOf(...properties, 'scenes', 'items'))
    expect(DOCUMENT_KINDS).toEqual(valuesOf('ChannelDocument', 'properties', 'kind'))
    expect(TIERS).toEqual(['core', 'auxiliary', 'backup'])
  })
})
