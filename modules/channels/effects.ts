import type { RuleFacts, Rules } from './rules.ts'
import { rulesThatApply } from './rules.ts'

/** What the rules that apply mean for each channel. */
export type Effects = {
  points: ReadonlyMap<string, number>
  preferredBy: ReadonlyMap<string, readonly RuleWords[]>
  /** Each must name the channel. */
  required: readonly { channels: readonly string[]; params: RuleWords }[]
  /** The first rule that shuts a channel out, by channel. */
  excluded: ReadonlyMap<string, RuleWords>
  /** Of the first rule that sets any; null to go by the contracts. */
  shares: Readonly<Record<string, number>> | null
}

/** A rule as the parameters of a reason. */
export type RuleWords = { rule: string; zh: string; en: string }

export type Asked = RuleFacts

/** Pure. */
export function effectsOf(rules: Rules, asked: Asked, now: Date): Effects {
  const points = new Map<string, number>()
  const preferredBy = new Map<string, RuleWords[]>()
  const required: { channels: readonly string[]; params: RuleWords }[] = []
  const excluded = new Map<string, RuleWords>()
  let shares: Effects['shares'] = null
  for (const { name, words, effect } of rulesThatApply(rules, asked, now)) {
    const params = { rule: name, ...words }
    switch (effect.do) {
      case 'prefer':
        for (const channel of effect.channels) {
          points.set(channel, (points.get(channel) ?? 0) + effect.points)
          const known = preferredBy.get(channel)
          if (known) known.push(params)
          else preferredBy.set(channel, [params])
        }
        break
      case 'require':
        required.push({ channels: effect.channels, params })
        break
      case 'exclude':
        for (const channel of effect.channels) {
          if (!excluded.has(channel)) excluded.set(channel, params)
        }
        break
      case 'share':
        shares ??= effect.shares
        break
    }
  }
  return { points, preferredBy, required, excluded, shares }
}
