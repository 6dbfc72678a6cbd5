import { useTranslation } from 'react-i18next'

import type { CatalogueExplanation } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Fold } from '../parts/Fold.tsx'
import { ClassChip } from '../parts/Lines.tsx'
import { reasonText } from './reason-text.ts'

type Line = CatalogueExplanation['lines'][number]

/** One line: its class, why how much of it is covered, and what could take its place. */
export function LineCard({ line }: { line: Line }) {
  const { t } = useTranslation('payers')
  const { coverClass, reasons, alternatives } = line
  return (
    <article className="card" aria-label={line.name}>
      <div className="line explained-line">
        <h3 className="line-name">
          {line.name} {coverClass && <ClassChip insuranceClass={coverClass} />}
        </h3>
        <Amount fen={line.amountFen} />
        <span className="line-why">
          {reasons.map((reason) => (
            <span key={reason.code}>{reasonText(t, 'lines', reason)}</span>
          ))}
        </span>
      </div>
      {alternatives.length > 0 && (
        <Fold title={t('explain.alternatives', { count: alternatives.length })}>
          <Alternatives alternatives={alternatives} />
        </Fold>
      )}
    </article>
  )
}

/** Shown for a talk with the doctor: there is nothing here to choose. */
function Alternatives({ alternatives }: Pick<Line, 'alternatives'>) {
  const { t } = useTranslation('payers')
  return (
    <>
      <p className="note">{t('catalogue:alternatives.note')}</p>
      <ul className="rows">
        {alternatives.map((one) => (
          <li key={one.itemCode} className="line">
            <span className="line-name">
              {one.name} <ClassChip insuranceClass={one.coverClass} />
            </span>
            <Amount fen={one.unitPriceFen} />
            <span className="fine-print">
              {one.spec}
              {!one.isOfSameSpec && ` · ${t('catalogue:alternatives.otherSpec')}`}
            </span>
            {one.savingFen > 0 && (
              <span className="line-why saving">
                {t('catalogue:alternatives.saving', { saving: amountText(one.savingFen) })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
