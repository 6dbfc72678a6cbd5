/** A refusal in the protocol's own words: code, msg, sub_code and sub_msg. */
export class ApiError extends Error {
  readonly code: string
  readonly subCode: string

  constructor(subCode: string, message?: string) {
    const [code, words] = KNOWN[subCode] ?? ['40004', '业务处理失败']
    super(message ?? words)
    this.code = code
    this.subCode = subCode
  }
}

/** An answer's `msg`, which says the code again. */
export const messageOf = (code: string): string => MESSAGES[code] ?? 'Business Failed'

const MESSAGES: Record<string, string> = {
  10000: 'Success',
  10003: 'order success pay inprocess',
  20000: 'Service Currently Unavailable',
  40001: 'Missing Required Arguments',
  40002: 'Invalid Arguments',
  40004: 'Business Failed',
  40006: 'Insufficient Permissions',
}

/** Reference, section 2. What is not named here is a 40004. */
const KNOWN: Record<string, [code: string, message: string]> = {
  'isp.unknow-error': ['20000', '系统繁忙'],
  'isv.missing-parameter': ['40001', '缺少必选参数'],
  'isv.missing-signature': ['40001', '缺少签名'],
  'isv.missing-app-id': ['40001', '缺少 app_id'],
  'isv.invalid-app-id': ['40002', '无效的 app_id'],
  'isv.invalid-method': ['40002', '不存在的方法名'],
  'isv.invalid-signature': ['40002', '验签出错'],
  'isv.invalid-signature-type': ['40002', '签名类型不支持'],
  'isv.invalid-timestamp': ['40002', '时间戳不合法'],
  'isv.invalid-charset': ['40002', '字符集不支持'],
  'isv.invalid-parameter': ['40002', '参数无效'],
  'isv.decryption-error-unknown': ['40002', '解密出错, 未知错误'],
  'isv.insufficient-isv-permissions': ['40006', '权限不足'],
  'ACQ.SYSTEM_ERROR': ['40004', '系统错误'],
  'ACQ.INVALID_PARAMETER': ['40004', '参数无效'],
  'ACQ.TRADE_NOT_EXIST': ['40004', '交易不存在'],
  'ACQ.TRADE_HAS_SUCCESS': ['40004', '交易已被支付'],
  'ACQ.TRADE_HAS_CLOSE': ['40004', '交易已经关闭'],
  'ACQ.TRADE_HAS_FINISHED': ['40004', '交易已经完结'],
  'ACQ.TRADE_STATUS_ERROR': ['40004', '交易状态不合法'],
  'ACQ.CONTEXT_INCONSISTENT': ['40004', '交易信息被篡改'],
  'ACQ.BUYER_NOT_EXIST': ['40004', '买家不存在'],
  'ACQ.BUYER_BALANCE_NOT_ENOUGH': ['40004', '买家余额不足'],
  'ACQ.BUYER_ENABLE_STATUS_FORBID': ['40004', '买家状态非法'],
  'ACQ.PAYMENT_AUTH_CODE_INVALID': ['40004', '支付失败，获取顾客账户信息失败'],
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': ['40004', '退款金额超限'],
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': ['40004', '卖家余额不足'],
  'ACQ.DISCORDANT_REPEAT_REQUEST': ['40004', '请求信息不一致'],
  'ACQ.REASON_TRADE_REFUND_FEE_ERR': ['40004', '退款金额无效'],
  'ACQ.TRADE_CANCEL_TIME_OUT': ['40004', '超过撤销时间范围'],
  'ACQ.AGREEMENT_NOT_EXIST': ['40004', '用户协议不存在'],
  'ACQ.AGREEMENT_STATUS_NOT_NORMAL': ['40004', '用户协议状态不正常'],
  'ACQ.PRODUCT_AMOUNT_LIMIT_ERROR': ['40004', '产品额度超限'],
  'ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR': ['40004', '买家付款日限额超限'],
  USER_AGREEMENT_NOT_EXIST: ['40004', '用户协议不存在'],
  INVALID_PARAMETER: ['40004', '参数有误'],
  'isp.bill_not_exist': ['40004', '账单不存在'],
  ILLEGAL_ARGUMENT: ['40004', '参数异常或参数缺失'],
  AUTH_ORDER_NOT_EXIST: ['40004', '支付宝资金授权订单不存在'],
  AUTH_OPERATION_NOT_EXIST: ['40004', '支付宝资金操作流水不存在'],
  AUTH_ORDER_HAS_FINISHED: ['40004', '资金授权订单已完结'],
  PAYER_BALANCE_NOT_ENOUGH: ['40004', '付款方余额不足'],
  REQUEST_AMOUNT_EXCEED: ['40004', '请求金额超限'],
  INCONSISTENT_PARAM: ['40004', '请求参数不一致'],
}
