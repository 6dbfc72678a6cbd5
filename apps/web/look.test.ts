import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { look } from './look.ts'

const css = readFileSync(join(import.meta.dirname, 'look.css'), 'utf8')

const kebab = (name: string) =>
  name.replaceAll('_', '-').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const variablesOf = (prefix: string) =>
  Object.fromEntries(
    [...css.matchAll(new RegExp(`--${prefix}-([\\w-]+):\\s*([^;]+);`, 'g'))].map((match) => [
      match[1],
      match[2]?.trim().replaceAll(/\s+/g, ' '),
    ]),
  )

const expected = (values: Record<string, string | number>, unit = '') =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      kebab(name),
      unit ? `${value}${unit}` : String(value).replaceAll(/#[0-9A-F]+/g, (c) => c.toLowerCase()),
    ]),
  )

it('the CSS variables are the tokens', () => {
  expect(variablesOf('color')).toEqual(expected(look.color))
  expect(variablesOf('tender')).toEqual(expected(look.tender))
  expect(variablesOf('font')).toEqual({ family: look.font.family, mono: look.font.mono })
  expect(variablesOf('radius')).toEqual(expected(look.radiusPx, 'px'))
  expect(variablesOf('text')).toEqual(expected(look.font.textRem, 'rem'))
  expect(variablesOf('target')).toEqual(expected(look.targetPx, 'px'))
  expect(Object.values(variablesOf('space'))).toEqual(look.spacePx.map((px) => `${px}px`))
  expect(css).toContain(`--motion: ${look.motionMs}ms;`)
})

it('the smallest text for older people is 18 px', () => {
  const smallest = Math.min(...Object.values(look.font.textRem))
  expect(look.font.patientPx * look.font.elderScale * smallest).toBeGreaterThanOrEqual(18)
})

const { surface, ground, primarySoft, moneyInSoft, moneyOutSoft, moneyHeldSoft } = look.color
const { text, textSecondary, primary, primaryDeep, moneyIn, moneyOut, moneyHeld } = look.color

it.each([
  ['text', text, [surface, ground, primarySoft, moneyInSoft, moneyOutSoft, moneyHeldSoft]],
  ['secondary text', textSecondary, [surface, ground, primarySoft, moneyHeldSoft]],
  ['primary', primary, [surface, ground, primarySoft]],
  ['primary, pressed', primaryDeep, [surface, ground, primarySoft]],
  ['money in', moneyIn, [surface, ground, moneyInSoft]],
  ['money out', moneyOut, [surface, ground, moneyOutSoft]],
  ['money held', moneyHeld, [surface, ground, moneyHeldSoft]],
  ['text on primary', look.color.onPrimary, [primary, primaryDeep]],
])('%s can be read on every ground it stands on', (_name, color, grounds) => {
  for (const under of grounds) expect(contrast(color, under)).toBeGreaterThanOrEqual(4.5)
})

it.each(Object.entries(look.tender))(
  'the fill of %s can be told from the surface',
  (_name, fill) => {
    expect(contrast(fill, surface)).toBeGreaterThanOrEqual(3)
  },
)

/** Source: WCAG 2.2, relative luminance and contrast ratio. */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
