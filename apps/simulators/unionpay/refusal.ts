// What UnionPay refuses with. Source: 平台接入接口规范, 第 5 部分 附录, 应答码.

export const WORDS = {
  '00': '成功',
  '01': '交易失败，详情请咨询95516',
  '05': '交易已受理，请稍后查询交易结果',
  '06': '系统繁忙，请稍后再试',
  '10': '报文格式错误',
  '11': '验证签名失败',
  '12': '重复交易',
  '13': '报文交易要素缺失',
  '31': '商户状态不正确',
  '32': '无此交易权限',
  '33': '交易金额超限',
  '34': '查无此交易',
  '35': '原交易不存在或状态不正确',
  '36': '与原交易信息不符',
  '39': '交易不在受理时间范围内',
  '42': '扣款成功但交易超过规定支付时间',
  '45': '原交易已被成功退货或已被成功撤销',
  '46': '交易已被成功冲正',
  '64': '卡上的余额不足',
  '69': '您的输入超时，交易失败',
  '88': '无此二维码',
  '98': '文件不存在',
} as const

export type RespCode = keyof typeof WORDS

/** The message is refused with this code, and nothing is done. */
export class Refusal extends Error {
  readonly respCode: string
  readonly detail: string

  constructor(respCode: RespCode, detail = '') {
    super(`${respCode} ${WORDS[respCode]} ${detail}`)
    this.respCode = respCode
    this.detail = detail
  }
}

/** '查无此交易[2600000]': words with a number behind them, as UnionPay writes them. */
export const respMsgOf = (respCode: string, detail = ''): string => {
  const words = Object.hasOwn(WORDS, respCode) ? WORDS[respCode as RespCode] : '交易失败'
  return `${words}${detail === '' ? '' : `:${detail}`}[${respCode.padEnd(7, '0')}]`
}
