import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { loadCrossCheckWords } from '../cross-checks/words.ts'
import { readCasesSearch, readReconciledDaySearch } from '../search/params.ts'
import { readStatementFileSearch, readStatementsSearch } from '../statements/search.ts'
import { loadStatementWords } from '../statements/words.ts'
import { at } from './office.tsx'

const calendar = createRoute({
  ...at('/reconciliation'),
  component: lazyRouteComponent(() => import('../reconciliation/CalendarPage.tsx'), 'CalendarPage'),
})

const reconciledDay = createRoute({
  ...at('/reconciliation/day'),
  validateSearch: readReconciledDaySearch,
  component: lazyRouteComponent(() => import('../reconciliation/DayPage.tsx'), 'DayPage'),
})

const statements = createRoute({
  ...at('/statements'),
  validateSearch: readStatementsSearch,
  component: lazyRouteComponent(async () => {
    await loadStatementWords()
    return import('../statements/StatementsPage.tsx')
  }, 'StatementsPage'),
})

const statementFile = createRoute({
  ...at('/statements/$fileId'),
  validateSearch: readStatementFileSearch,
  component: lazyRouteComponent(async () => {
    await loadStatementWords()
    return import('../statements/FilePage.tsx')
  }, 'FilePage'),
})

const cases = createRoute({
  ...at('/cases'),
  validateSearch: readCasesSearch,
  component: lazyRouteComponent(async () => {
    await loadCrossCheckWords()
    return import('../cases/CasesPage.tsx')
  }, 'CasesPage'),
})

const oneCase = createRoute({
  ...at('/cases/$caseId'),
  component: lazyRouteComponent(async () => {
    await loadCrossCheckWords()
    return import('../cases/CasePage.tsx')
  }, 'CasePage'),
})

export const booksRoutes = [calendar, reconciledDay, statements, statementFile, cases, oneCase]
