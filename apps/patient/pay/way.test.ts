import { expect, it } from 'vitest'

import enChannels from '../../web/locales/en/channels.json'
import zhChannels from '../../web/locales/zh-CN/channels.json'
import en from '../locales/en/patient.json'
import zh from '../locales/zh-CN/patient.json'
import { chosenPayment } from '../testing/payments.ts'
import { type Choice, type Offer, wishFor } from './way.ts'

const isRule = (code: string) => zhChannels.reasons[code as never] === '{{zh}}'

it('has plain words for everything that staff have words for', () => {
  for (const [channels, own] of [
    [zhChannels, zh],
    [enChannels, en],
  ] as const) {
    for (const code of Object.keys(channels.reasons).filter((known) => !isRule(known))) {
      expect(own.way.reasons).toHaveProperty(code)
    }
    for (const code of Object.keys(channels.rejections)) {
      expect(own.way.rejections).toHaveProperty(code)
    }
    // 'account' and the others of the staff's list, and the agreement that payers sign.
    for (const method of [...Object.keys(channels.methods), 'agreement']) {
      expect(own.way.methods).toHaveProperty(method)
    }
  }
  expect(zh.way.methods.agreement).toBe('免密支付，一键完成')
})

it('tells no payer what the hospital pays for it, or has promised', () => {
  expect(JSON.stringify(zh.way.reasons)).not.toMatch(/手续费|费率|合作|约定/)
})

it('names the method only where the channel alone is not clear', () => {
  const { channelChoice } = chosenPayment()
  if (!channelChoice) throw new Error('it has a choice')
  const [wechat, alipay] = channelChoice.offered as [Offer, Offer]
  expect(wishFor(channelChoice, alipay)).toEqual({ channel: 'alipay' })
  const agreement: Offer = { ...wechat, method: 'agreement' }
  const both: Choice = { ...channelChoice, offered: [agreement, ...channelChoice.offered] }
  expect(wishFor(both, agreement)).toEqual({ channel: 'wechat', method: 'agreement' })
  expect(wishFor(both, alipay)).toEqual({ channel: 'alipay' })
})
