import { expect, it } from 'vitest'

import { devicesOf } from './devices.ts'

const phone = {
  userAgent: 'Mobile Safari',
  isSimulatedWechat: false,
  isHandheld: true,
  hasSdk: false,
}

it.each([
  ['a phone’s browser', {}, ['browser']],
  ['any other screen, which a phone can scan', { isHandheld: false }, ['browser', 'screen']],
  ['WeChat', { userAgent: 'Mobile MicroMessenger/8.0.50' }, ['app:wechat', 'browser']],
  ['Alipay', { userAgent: 'Mobile AliApp(AP/10.6) AlipayClient/10.6' }, ['app:alipay', 'browser']],
  ['the demo, which stands in for WeChat', { isSimulatedWechat: true }, ['app:wechat', 'browser']],
  ['an app with the providers’ SDKs', { hasSdk: true }, ['browser', 'sdk']],
])('says what there is in %s', (_place, given, devices) => {
  expect(devicesOf({ ...phone, ...given })).toEqual(devices)
})
