import { QRCodeSVG } from '@rc-component/qrcode'
import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { query } from '../api.ts'

/**
 * The code that leads to the proof of the receipt, on the screen and on paper: whoever scans it sees the page that checks
 * it, with the proof in it. Without an answer the receipt stands without it.
 */
export function ProofCode({ payment: { hospitalId, id } }: { payment: Payment }) {
  const { t } = useTranslation()
  const { data } = query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/payments/{id}/proof-link',
    { params: { path: { hospitalId, id } } },
    { staleTime: Infinity },
  )
  if (!data) return null
  return (
    <div className="receipt-code">
      <a href={data.url} target="_blank" rel="noreferrer">
        <QRCodeSVG
          value={data.url}
          level="M"
          marginSize={QUIET_ZONE}
          role="img"
          title={t('receipt.proof.code')}
        />
      </a>
      <p>
        <strong>{t('receipt.proof.scan')}</strong>
        <br />
        {t('receipt.proof.who')}
      </p>
    </div>
  )
}

// In modules, as ISO/IEC 18004 wants it around a code.
const QUIET_ZONE = 4
