import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import enCommon from '../../web/locales/en/common.json'
import enErrors from '../../web/locales/en/errors.json'
import zhCatalogue from '../../web/locales/zh-CN/catalogue.json'
import zhCommon from '../../web/locales/zh-CN/common.json'
import zhErrors from '../../web/locales/zh-CN/errors.json'
import enBooking from './en/booking.json'
import enCredit from './en/credit.json'
import enFamily from './en/family.json'
import enLookUp from './en/look-up.json'
import enMedia from './en/media.json'
import en from './en/patient.json'
import enPayers from './en/payers.json'
import enQueue from './en/queue.json'
import enSharing from './en/sharing.json'
import zhBooking from './zh-CN/booking.json'
import zhCredit from './zh-CN/credit.json'
import zhFamily from './zh-CN/family.json'
import zhLookUp from './zh-CN/look-up.json'
import zhMedia from './zh-CN/media.json'
import zh from './zh-CN/patient.json'
import zhPayers from './zh-CN/payers.json'
import zhQueue from './zh-CN/queue.json'
import zhSharing from './zh-CN/sharing.json'

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
  ['booking', zhBooking, enBooking],
  ['queue', zhQueue, enQueue],
  ['family', zhFamily, enFamily],
  ['media', zhMedia, enMedia],
  ['sharing', zhSharing, enSharing],
  ['lookUp', zhLookUp, enLookUp],
  ['common', zhCommon, enCommon],
  ['errors', zhErrors, enErrors],
])('%s has the same words and the same gaps in both languages', (_name, chinese, english) => {
  const gaps = (words: Words) =>
    flat(words)
      .map(([key, text]) => [key, ...(text.match(/\{\{\w+\}\}/g) ?? []).toSorted()].join(' '))
      .toSorted((a, b) => a.localeCompare(b))
  expect(gaps(chinese)).toEqual(gaps(english))
})

// Also the ill and the old understand it at once.
it('no Chinese sentence a patient reads is longer than 30 characters', () => {
  const all = [
    zh,
    zhPayers,
    zhBooking,
    zhQueue,
    zhSharing,
    zhLookUp,
    zhFamily,
    zhMedia,
    zhCredit,
    zhErrors,
  ]
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
    [zh, zhPayers, zhBooking, zhQueue, zhSharing, zhLookUp, zhFamily, zhMedia, zhCredit]
      .flatMap((words) => flat(words))
      .filter(([, text]) => jargon.test(text)),
  ).toEqual([])
})

const SPACES = {
  patient: zh,
  payers: zhPayers,
  booking: zhBooking,
  queue: zhQueue,
  family: zhFamily,
  lookUp: zhLookUp,
  media: zhMedia,
  sharing: zhSharing,
  credit: zhCredit,
  catalogue: zhCatalogue,
  common: zhCommon,
}

it('every key that the pages name is there, in a namespace that the page asks for', () => {
  const root = join(import.meta.dirname, '..')
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
    .map((path) => readFileSync(join(root, path), 'utf8'))
  const used = sources.flatMap((source) => {
    const asked = [...source.matchAll(/useTranslation\('(\w+)'\)/g)].map(([, space = '']) => space)
    // Where the words are handed in, any namespace may be meant.
    const spaces = source.includes('useTranslation(') ? asked : Object.keys(SPACES)
    return [...source.matchAll(/\bt\(\s*'([\w:.-]+)'/g)].map(([, key = '']) => ({
      key,
      places: [...spaces, 'patient', 'common'].map((space) => `${space}:${key}`),
    }))
  })
  expect(used.length).toBeGreaterThan(80)
  const known = new Set(
    Object.entries(SPACES).flatMap(([space, words]) =>
      flat(words).map(([key]) => `${space}:${key.replace(/_(one|other)$/, '')}`),
    ),
  )
  const isKnown = ({ key, places }: (typeof used)[number]) =>
    known.has(key) || places.some((place) => known.has(place))
  expect(used.filter((one) => !isKnown(one)).map(({ key }) => key)).toEqual([])
})
