import { useTranslation } from 'react-i18next'

import { Go, places } from '../navigation.tsx'
import { Fold } from '../parts/Fold.tsx'
import type { Statement } from './use-statement.ts'

/** The number and the code by which an employer can tell that the paper is genuine. */
export function Authenticity({ statement }: { statement: Statement }) {
  const { t } = useTranslation()
  const { statementNo, checkCode } = statement
  return (
    <section className="card folds">
      <Fold title={t('statement.genuine')}>
        <dl className="facts">
          <div>
            <dt>{t('statement.no')}</dt>
            <dd className="number">{statementNo}</dd>
          </div>
          <div>
            <dt>{t('statement.code')}</dt>
            <dd className="number">{checkCode}</dd>
          </div>
        </dl>
        <p className="note">{t('statement.genuineNote')}</p>
        <Go place={places.verify(statementNo, checkCode)} className="text-link">
          {t('verify.title')}
        </Go>
      </Fold>
    </section>
  )
}
