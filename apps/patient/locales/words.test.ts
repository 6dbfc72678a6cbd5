import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import enCommon from '../../web/locales/en/common.json'
import enErrors from '../../web/locales/en/errors.json'
import zhCatalogue from '../../web/locales/zh-CN/catalogue.json'
import zhCommon from '../../web/locales/zh-CN/common.json'
import zhErrors from '../../web/locales/zh-CN/errors.json'
import enCredit from './en/credit.json'
import en from './en/patient.json'
import enPayers from './en/payers.json'
import enQueue from './en/queue.json'
import zhCredit from './zh-CN/credit.json'
import zh from './zh-CN/patient.json'
import zhPayers from './zh-CN/payers.json'
import zhQueue from './zh-CN/queue.json'

type Words = { [key: string]: string | Words }

const flat = (words: Words, prefix = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${prefix}${key}`, value] as [string, string]]
      : flat(value, `${prefix}${key}.`),
  )

it.each([
  ['patient', zh, en],
  ['payers', zhPayers, enPayers],
  ['credit', zhCredit, enCredit],
  ['queue', zhQueue, enQueue],
  ['common', zhCommon, enCommon],
  ['errors', zhErrors, enErrors],
])('%s has the same words and the same gaps in both languages', (_name, chinese, english) => {
  const gaps = (words: Words) =>
    flat(words)
      .map(([key, text]) => [key, ...(text.match(/\{\{\w+\}\}/g) ?? [])].join(' '))
      .toSorted((a, b) => a.localeCompare(b))
  expect(gaps(chinese)).toEqual(gaps(english))
})

// Also the ill and the old understand it at once.
it('no Chinese sentence a patient reads is longer than 30 characters', () => {
  const all = [zh, zhPayers, zhQueue, zhCredit, zhErrors]
  const sentences = all
    .flatMap((words) => flat(words))
    .flatMap(([key, text]) => text.split(/[。？！；]/).map((sentence) => `${key}: ${sentence}`))
  const length = (sentence: string) =>
    sentence.replace(/^[^:]*: /, '').replaceAll(/\{\{\w+\}\}/g, '').length
  expect(sentences.filter((sentence) => length(sentence) > 30)).toEqual([])
})

it('patients meet no jargon, and no 失败', () => {
  const jargon = /冲正|挂账|幂等|回写|对账|轧差|报文|熔断|失败/
  expect(
    [zh, zhPayers, zhQueue, zhCredit]
      .flatMap((words) => flat(words))
      .filter(([, text]) => jargon.test(text)),
  ).toEqual([])
})

it('every key that the pages name is there', () => {
  const root = join(import.meta.dirname, '..')
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
    .map((path) => readFileSync(join(root, path), 'utf8'))
  const used = sources.flatMap((source) =>
    [...source.matchAll(/\bt\(\s*'([\w:.-]+)'/g)].map(([, key = '']) => key),
  )
  expect(used.length).toBeGreaterThan(80)
  const known = new Set([
    ...[...flat(zh), ...flat(zhPayers)].map(([key]) => key.replace(/_(one|other)$/, '')),
    ...flat(zhCredit).map(([key]) => `credit:${key.replace(/_(one|other)$/, '')}`),
    ...flat(zhCatalogue).map(([key]) => `catalogue:${key}`),
    ...flat(zhCommon).flatMap(([key]) => [key, `common:${key}`]),
  ])
  expect(used.filter((key) => !known.has(key))).toEqual([])
})
