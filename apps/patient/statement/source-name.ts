import type { TFunction } from 'i18next'

import type { Statement } from './use-statement.ts'

/** Who bore it: 医保基金, 个人账户; and of what the person paid themself, through what: 个人现金 · 微信支付. */
export function sourceName(t: TFunction, { provider, part }: Source): string {
  const bearer = t(`common:parts.${part}`)
  if (part !== 'self_pay') return bearer
  return `${bearer} · ${t(`common:providers.${provider}`, { defaultValue: provider })}`
}

type Source = Pick<Statement['bySource'][number], 'provider' | 'part'>
