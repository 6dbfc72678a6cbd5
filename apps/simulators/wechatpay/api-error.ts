/**
 * A refusal in the protocol's own words.
 *
 * The numeric code travels as the end of the Request-ID header. It is 0 where the reference names
 * none for the case.
 */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly numericCode: number
  readonly detail: ErrorDetail | null

  constructor(name: ErrorName, message?: string, detail: ErrorDetail | null = null) {
    const known: KnownError = KNOWN_ERRORS[name]
    super(message ?? known.message)
    this.status = known.status
    this.code = known.code
    this.numericCode = known.numericCode
    this.detail = detail
  }
}

/** The place of the mistake: a JSON pointer into the body, or the name of a parameter or header. */
export type ErrorDetail = {
  field: string
  value: string
  issue: string
  location: 'body' | 'query' | 'url' | 'authorization' | 'header'
}

/**
 * The refusal a fault plan asks for, by its word ('NOT_ENOUGH') or its number ('268448010').
 * An unknown word is answered as it stands, with 403, so that a client can be shown a new code.
 */
export function declinedWith(code: string): ApiError {
  const names = Object.keys(KNOWN_ERRORS) as ErrorName[]
  const found = names.find((name) => {
    const known: KnownError = KNOWN_ERRORS[name]
    return known.code === code || String(known.numericCode) === code
  })
  return found ? new ApiError(found) : new UnknownRefusal(code)
}

class UnknownRefusal extends ApiError {
  override readonly code: string

  constructor(code: string) {
    super('no_auth', '业务受限')
    this.code = code
  }
}

const KNOWN_ERRORS = {
  bad_parameter: known(400, 'PARAM_ERROR', 268435461, '参数错误'),
  out_of_range: known(400, 'PARAM_ERROR', 268435464, '参数超出允许范围'),
  unknown_parameter: known(400, 'PARAM_ERROR', 270924358, '存在未定义的参数'),
  openid_missing: known(400, 'PARAM_ERROR', 268501013, '无效的 openid'),
  wrong_content_type: known(415, 'PARAM_ERROR', 268435461, 'Content-Type 应为 application/json'),
  body_too_large: known(413, 'PARAM_ERROR', 268435464, '请求包体过大'),
  bad_state: known(400, 'INVALID_REQUEST', 0, '订单状态不允许此操作'),
  reentered_differently: known(
    400,
    'INVALID_REQUEST',
    268498688,
    '请求重入时，参数与首次请求时不一致',
  ),
  already_paid: known(400, 'INVALID_REQUEST', 268498689, '该订单已支付'),
  paid_not_closable: known(400, 'INVALID_REQUEST', 268449538, '该订单已支付，不能关闭'),
  order_closed: known(400, 'INVALID_REQUEST', 268447914, '订单已过期或已关闭，请更换商户订单号'),
  merchant_mismatch: known(400, 'INVALID_REQUEST', 268447843, '商户号与订单或签名不一致'),
  sub_merchant_mismatch: known(400, 'INVALID_REQUEST', 268447845, '子商户号与订单不一致'),
  only_reversible: known(400, 'INVALID_REQUEST', 268449641, '付款码订单只能撤销'),
  appid_not_bound: known(400, 'APPID_MCHID_NOT_MATCH', 268445527, 'appid 与 mchid 未绑定'),
  no_statement: known(400, 'NO_STATEMENT_EXIST', 0, '账单文件不存在'),
  sign_error: known(401, 'SIGN_ERROR', 268443699, '签名错误'),
  no_auth: known(403, 'NO_AUTH', 0, '商户无权限'),
  merchant_disabled: known(403, 'NO_AUTH', 268443715, '商户号已停用'),
  provider_relation_1: known(403, 'NO_AUTH', 268443701, '服务商与商户关系异常'),
  provider_relation_4: known(403, 'NO_AUTH', 268443704, '服务商与商户关系异常'),
  provider_relation_5: known(403, 'NO_AUTH', 268443705, '服务商与商户关系异常'),
  rule_limit: known(403, 'RULE_LIMIT', 0, '业务规则限制'),
  collection_restricted: known(403, 'RULE_LIMIT', 268448010, '商户收款受限'),
  not_enough: known(403, 'NOT_ENOUGH', 0, '商户可用余额不足'),
  order_not_exist: known(404, 'ORDER_NOT_EXIST', 268512771, '订单不存在'),
  resource_not_exists: known(404, 'RESOURCE_NOT_EXISTS', 268512771, '查询的资源不存在'),
  frequency_limited: known(429, 'FREQUENCY_LIMITED', 268447840, '频率限制，请稍后重试'),
  mixed_not_exist: known(404, 'ORDER_NOT_EXIST', 268529515, '未找到订单，请确认订单号是否正确'),
  mixed_exists: known(400, 'ALREADY_EXISTS', 268512536, '订单已存在'),
  mixed_openid: known(400, 'PARAM_ERROR', 268510603, '请确认 openid 是否正确'),
  id_differs: known(400, 'INVALID_REQUEST', 268545961, '入参个人身份ID摘要和医保电子凭证不匹配'),
  name_differs: known(400, 'INVALID_REQUEST', 268545962, '入参用户姓名和医保电子凭证不匹配'),
  no_insurance_card: known(400, 'INVALID_REQUEST', 268545963, '微信号未绑定医保电子凭证'),
  no_relative: known(400, 'INVALID_REQUEST', 268545964, '亲属关系不存在'),
  auth_no_refused: known(400, 'INVALID_REQUEST', 268547120, 'PAY_AUTH_NO 校验失败'),
  total_differs: known(403, 'RULE_LIMIT', 268529477, '订单总金额校验不通过'),
  cash_differs: known(403, 'RULE_LIMIT', 268529476, '自费金额校验不通过'),
  mixed_differs: known(403, 'RULE_LIMIT', 268529481, '混合单金额不正确'),
  cash_only_fields: known(403, 'RULE_LIMIT', 268529474, '纯自费单字段校验失败'),
  insured_fields: known(403, 'RULE_LIMIT', 268529475, '混合支付单字段校验失败'),
  system_error: known(500, 'SYSTEM_ERROR', 0, '系统异常，请稍后重试'),
} as const

export type ErrorName = keyof typeof KNOWN_ERRORS

type KnownError = { status: number; code: string; numericCode: number; message: string }

function known(status: number, code: string, numericCode: number, message: string): KnownError {
  return { status, code, numericCode, message }
}
