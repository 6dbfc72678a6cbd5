import type { TFunction } from 'i18next'

import type { Payment } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import type { Wishes } from '../navigation.tsx'

// The ways to pay of a plan, in the payer's words. They stand in patient.json under "way".

export type Choice = NonNullable<Payment['channelChoice']>
export type Offer = Choice['offered'][number]
export type Rejected = Choice['notOffered'][number]
export type PayMethod = Choice['method']

type Reason = Offer['reasons'][number]
type Title = Offer['title']

export const inLanguage = ({ zh, en }: Title, language: string): string =>
  language.startsWith('en') ? en : zh

/** What the payer wishes when this offer is chosen. */
export function wishFor({ offered }: Choice, { channel, method }: Offer): Wishes {
  // The method too only where the channel alone would not say which offer is meant: whoever names one is shown the
  // channels of that method only, and could not change back.
  const isAmbiguous = offered.filter((offer) => offer.channel === channel).length > 1
  return isAmbiguous ? { channel, method } : { channel }
}

/** Why a way is offered: the weightiest reason, as one sentence. */
export function reasonText(t: TFunction, reasons: readonly Reason[], language: string): string {
  const [reason] = reasons
  const own = reason && textOfRule(reason, language)
  return own || t([`way.reasons.${reason?.code ?? 'in_order'}`, 'way.reasons.in_order'])
}

/** False where all that can be said is that the hospital has put it first: of one that is not first that is no reason. */
export const saysOfItself = ([reason]: readonly Reason[]): boolean =>
  reason !== undefined && !['contract_share', 'cheapest', 'in_order'].includes(reason.code)

/** Why a way is not offered. */
export function rejectionText(t: TFunction, reason: Reason, language: string): string {
  const limit = amountText(Number(reason.params.limitFen ?? 0))
  return (
    textOfRule(reason, language) ||
    t([`way.rejections.${reason.code}`, 'way.rejections.other'], { limit })
  )
}

/** The hospital's own words, where one of its rules decided; empty where it did not. */
const textOfRule = ({ params }: Reason, language: string): string =>
  String(params[language.startsWith('en') ? 'en' : 'zh'] ?? '')
