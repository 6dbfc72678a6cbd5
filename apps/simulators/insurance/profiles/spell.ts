import type { Profile } from '../centre.ts'
import { isWireObject, JsonNumber, memberOf, type Wire } from '../wire-json.ts'

/** An output as the province writes it: its names of fields, and its kind of decimals. */
export function spell(profile: Profile, infno: string, output: Wire): Wire {
  const names = profile.spelling[infno]
  if (!names && profile.amountsAs === 'number') return output
  return rewrite(output)

  function rewrite(value: Wire): Wire {
    if (value instanceof JsonNumber) return profile.amountsAs === 'text' ? value.text : value
    if (Array.isArray(value)) return (value as readonly Wire[]).map(rewrite)
    if (!isWireObject(value)) return value
    return Object.fromEntries(
      Object.keys(value).map((name) => [names?.[name] ?? name, rewrite(memberOf(value, name))]),
    )
  }
}

/** The same output with codes that are in no dictionary, as a platform sends them after an update. */
export function withWrongCodes(value: Wire | Uint8Array): Wire | Uint8Array {
  return value instanceof Uint8Array ? value : rewriteCodes(value)
}

function rewriteCodes(value: Wire): Wire {
  if (Array.isArray(value)) return (value as readonly Wire[]).map(rewriteCodes)
  if (!isWireObject(value)) return value
  return Object.fromEntries(
    Object.keys(value).map((name) => [
      name,
      CODED.includes(name) ? '0Z' : rewriteCodes(memberOf(value, name)),
    ]),
  )
}

const CODED = ['insutype', 'psn_type', 'psn_insu_stas', 'med_type', 'clr_type', 'fund_pay_type']
