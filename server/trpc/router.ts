import { accountsAdministrators } from './procedures/accounts-administrators.ts'
import { accountsCsv } from './procedures/accounts-csv.ts'
import { accountsDeclare } from './procedures/accounts-declare.ts'
import { accountsGet } from './procedures/accounts-get.ts'
import { accountsList } from './procedures/accounts-list.ts'
import { accountsListAdministrator } from './procedures/accounts-list-administrator.ts'
import { accountsWithdraw } from './procedures/accounts-withdraw.ts'
import { alertsAcknowledge } from './procedures/alerts-acknowledge.ts'
import { alertsChannels } from './procedures/alerts-channels.ts'
import { alertsChooseMail } from './procedures/alerts-choose-mail.ts'
import { alertsChooseWebhook } from './procedures/alerts-choose-webhook.ts'
import { alertsCsv } from './procedures/alerts-csv.ts'
import { alertsList } from './procedures/alerts-list.ts'
import { alertsTestMail } from './procedures/alerts-test-mail.ts'
import { assessmentsApprove } from './procedures/assessments-approve.ts'
import { assessmentsAttach } from './procedures/assessments-attach.ts'
import { assessmentsAttachCurrent } from './procedures/assessments-attach-current.ts'
import { assessmentsChangePeriod } from './procedures/assessments-change-period.ts'
import { assessmentsDetach } from './procedures/assessments-detach.ts'
import { assessmentsDrawSample } from './procedures/assessments-draw-sample.ts'
import { assessmentsGet } from './procedures/assessments-get.ts'
import { assessmentsList } from './procedures/assessments-list.ts'
import { assessmentsOpen } from './procedures/assessments-open.ts'
import { assessmentsPopulationCsv } from './procedures/assessments-population-csv.ts'
import { assessmentsRename } from './procedures/assessments-rename.ts'
import { assessmentsSample } from './procedures/assessments-sample.ts'
import { assessmentsSampleCsv } from './procedures/assessments-sample-csv.ts'
import { assessmentsSendBack } from './procedures/assessments-send-back.ts'
import { assessmentsSubmit } from './procedures/assessments-submit.ts'
import { connectionsBegin } from './procedures/connections-begin.ts'
import { connectionsComplete } from './procedures/connections-complete.ts'
import { connectionsGet } from './procedures/connections-get.ts'
import { connectionsList } from './procedures/connections-list.ts'
import { connectionsProgress } from './procedures/connections-progress.ts'
import { connectionsReauthorize } from './procedures/connections-reauthorize.ts'
import { connectionsReplaceSecret } from './procedures/connections-replace-secret.ts'
import { connectionsRevoke } from './procedures/connections-revoke.ts'
import { connectionsRuns } from './procedures/connections-runs.ts'
import { connectionsRunsCsv } from './procedures/connections-runs-csv.ts'
import { connectionsSyncNow } from './procedures/connections-sync-now.ts'
import { connectorsCard } from './procedures/connectors-card.ts'
import { connectorsList } from './procedures/connectors-list.ts'
import { controlCsv } from './procedures/control-csv.ts'
import { controlGet } from './procedures/control-get.ts'
import { controlList } from './procedures/control-list.ts'
import { coverageExplain } from './procedures/coverage-explain.ts'
import { coverageHours } from './procedures/coverage-hours.ts'
import { coverageHoursCsv } from './procedures/coverage-hours-csv.ts'
import { coverageOverview } from './procedures/coverage-overview.ts'
import { coverageTimeline } from './procedures/coverage-timeline.ts'
import { coverageTimelineCsv } from './procedures/coverage-timeline-csv.ts'
import { erasureFind } from './procedures/erasure-find.ts'
import { erasureLift } from './procedures/erasure-lift.ts'
import { erasureList } from './procedures/erasure-list.ts'
import { erasurePreview } from './procedures/erasure-preview.ts'
import { erasureRequest } from './procedures/erasure-request.ts'
import { evidenceGet } from './procedures/evidence-get.ts'
import { evidenceItemProof } from './procedures/evidence-item-proof.ts'
import { evidenceKindProcedure } from './procedures/evidence-kind.ts'
import { evidenceList } from './procedures/evidence-list.ts'
import { evidencePopulation } from './procedures/evidence-population.ts'
import { evidencePopulationCsv } from './procedures/evidence-population-csv.ts'
import { exceptionsDecide } from './procedures/exceptions-decide.ts'
import { exceptionsList } from './procedures/exceptions-list.ts'
import { exceptionsRequest } from './procedures/exceptions-request.ts'
import { exportsDownload } from './procedures/exports-download.ts'
import { exportsGet } from './procedures/exports-get.ts'
import { exportsList } from './procedures/exports-list.ts'
import { exportsRequest } from './procedures/exports-request.ts'
import { invitationAccept } from './procedures/invitation-accept.ts'
import { invitationShow } from './procedures/invitation-show.ts'
import { invitationWithdraw } from './procedures/invitation-withdraw.ts'
import { keysChoose } from './procedures/keys-choose.ts'
import { keysRotate } from './procedures/keys-rotate.ts'
import { keysShow } from './procedures/keys-show.ts'
import { ledgerCheckpoint } from './procedures/ledger-checkpoint.ts'
import { ledgerCheckpoints } from './procedures/ledger-checkpoints.ts'
import { ledgerCompare } from './procedures/ledger-compare.ts'
import { ledgerCompareCheckpoint } from './procedures/ledger-compare-checkpoint.ts'
import { ledgerConsistency } from './procedures/ledger-consistency.ts'
import { ledgerEvent } from './procedures/ledger-event.ts'
import { ledgerEvents } from './procedures/ledger-events.ts'
import { ledgerEventsCsv } from './procedures/ledger-events-csv.ts'
import { ledgerFollow } from './procedures/ledger-follow.ts'
import { ledgerHead } from './procedures/ledger-head.ts'
import { ledgerInclusion } from './procedures/ledger-inclusion.ts'
import { ledgerStops } from './procedures/ledger-stops.ts'
import { ledgerVerification } from './procedures/ledger-verification.ts'
import { ledgerVerify } from './procedures/ledger-verify.ts'
import { memberChangeRole } from './procedures/member-change-role.ts'
import { memberCsv } from './procedures/member-csv.ts'
import { memberInvite } from './procedures/member-invite.ts'
import { memberLeave } from './procedures/member-leave.ts'
import { memberList } from './procedures/member-list.ts'
import { memberRemove } from './procedures/member-remove.ts'
import { organizationCancelDeletion } from './procedures/organization-cancel-deletion.ts'
import { organizationCreate } from './procedures/organization-create.ts'
import { organizationDeletion } from './procedures/organization-deletion.ts'
import { organizationList } from './procedures/organization-list.ts'
import { organizationRequestDeletion } from './procedures/organization-request-deletion.ts'
import { organizationShell } from './procedures/organization-shell.ts'
import { passkeyRegister } from './procedures/passkey-register.ts'
import { passkeyRegisterOptions } from './procedures/passkey-register-options.ts'
import { passkeyRemove } from './procedures/passkey-remove.ts'
import { passkeySignIn } from './procedures/passkey-sign-in.ts'
import { passkeySignInOptions } from './procedures/passkey-sign-in-options.ts'
import { retentionChange } from './procedures/retention-change.ts'
import { retentionPreview } from './procedures/retention-preview.ts'
import { retentionShow } from './procedures/retention-show.ts'
import { reviewsAcknowledge } from './procedures/reviews-acknowledge.ts'
import { reviewsChanges } from './procedures/reviews-changes.ts'
import { reviewsConfirmGuests } from './procedures/reviews-confirm-guests.ts'
import { reviewsCorrect } from './procedures/reviews-correct.ts'
import { reviewsGuests } from './procedures/reviews-guests.ts'
import { reviewsSettle } from './procedures/reviews-settle.ts'
import { reviewsSignIns } from './procedures/reviews-sign-ins.ts'
import { secondFactorBegin } from './procedures/second-factor-begin.ts'
import { secondFactorConfirm } from './procedures/second-factor-confirm.ts'
import { secondFactorRenewCodes } from './procedures/second-factor-renew-codes.ts'
import { secondFactorShow } from './procedures/second-factor-show.ts'
import { secondFactorTurnOff } from './procedures/second-factor-turn-off.ts'
import { changePassword } from './procedures/session-change-password.ts'
import { sessionCurrent } from './procedures/session-current.ts'
import { listSessions } from './procedures/session-list.ts'
import { register } from './procedures/session-register.ts'
import { requestPasswordReset } from './procedures/session-request-password-reset.ts'
import { resetPassword } from './procedures/session-reset-password.ts'
import { revokeSession } from './procedures/session-revoke.ts'
import { signIn } from './procedures/session-sign-in.ts'
import { signInCode } from './procedures/session-sign-in-code.ts'
import { signOut } from './procedures/session-sign-out.ts'
import { verifyEmail } from './procedures/session-verify-email.ts'
import { settingsAdoptCatalogue } from './procedures/settings-adopt-catalogue.ts'
import { settingsGet } from './procedures/settings-get.ts'
import { settingsRequireSecondFactor } from './procedures/settings-require-second-factor.ts'
import { settingsScopeControl } from './procedures/settings-scope-control.ts'
import { settingsScopeSource } from './procedures/settings-scope-source.ts'
import { settingsSetThreshold } from './procedures/settings-set-threshold.ts'
import { subscriptionsEnd } from './procedures/subscriptions-end.ts'
import { subscriptionsList } from './procedures/subscriptions-list.ts'
import { subscriptionsSubscribe } from './procedures/subscriptions-subscribe.ts'
import { subscriptionsSubscribeWebhook } from './procedures/subscriptions-subscribe-webhook.ts'
import { webhooksAdd } from './procedures/webhooks-add.ts'
import { webhooksList } from './procedures/webhooks-list.ts'
import { webhooksRemove } from './procedures/webhooks-remove.ts'
import { webhooksTest } from './procedures/webhooks-test.ts'
import { createCallerFactory, router } from './trpc.ts'

/** Every procedure by name; nothing else happens here. */
export const appRouter = router({
  connectors: router({ list: connectorsList, card: connectorsCard }),
  connections: router({
    list: connectionsList,
    get: connectionsGet,
    runs: connectionsRuns,
    runsCsv: connectionsRunsCsv,
    begin: connectionsBegin,
    reauthorize: connectionsReauthorize,
    complete: connectionsComplete,
    replaceSecret: connectionsReplaceSecret,
    revoke: connectionsRevoke,
    syncNow: connectionsSyncNow,
    progress: connectionsProgress,
  }),
  coverage: router({
    overview: coverageOverview,
    timeline: coverageTimeline,
    timelineCsv: coverageTimelineCsv,
    explain: coverageExplain,
    hours: coverageHours,
    hoursCsv: coverageHoursCsv,
  }),
  controls: router({ list: controlList, csv: controlCsv, get: controlGet }),
  accounts: router({
    list: accountsList,
    csv: accountsCsv,
    get: accountsGet,
    declare: accountsDeclare,
    withdraw: accountsWithdraw,
    administrators: accountsAdministrators,
    listAdministrator: accountsListAdministrator,
  }),
  reviews: router({
    changes: reviewsChanges,
    acknowledge: reviewsAcknowledge,
    signIns: reviewsSignIns,
    settle: reviewsSettle,
    correct: reviewsCorrect,
    guests: reviewsGuests,
    confirmGuests: reviewsConfirmGuests,
  }),
  exceptions: router({ list: exceptionsList, request: exceptionsRequest, decide: exceptionsDecide }),
  settings: router({
    get: settingsGet,
    setThreshold: settingsSetThreshold,
    scopeControl: settingsScopeControl,
    scopeSource: settingsScopeSource,
    adoptCatalogue: settingsAdoptCatalogue,
    requireSecondFactor: settingsRequireSecondFactor,
  }),
  evidence: router({
    list: evidenceList,
    kind: evidenceKindProcedure,
    get: evidenceGet,
    population: evidencePopulation,
    populationCsv: evidencePopulationCsv,
    itemProof: evidenceItemProof,
  }),
  ledger: router({
    events: ledgerEvents,
    eventsCsv: ledgerEventsCsv,
    event: ledgerEvent,
    stops: ledgerStops,
    head: ledgerHead,
    follow: ledgerFollow,
    compare: ledgerCompare,
    inclusion: ledgerInclusion,
    checkpoints: ledgerCheckpoints,
    checkpoint: ledgerCheckpoint,
    consistency: ledgerConsistency,
    compareCheckpoint: ledgerCompareCheckpoint,
    verify: ledgerVerify,
    verification: ledgerVerification,
  }),
  subscriptions: router({
    list: subscriptionsList,
    subscribe: subscriptionsSubscribe,
    subscribeWebhook: subscriptionsSubscribeWebhook,
    end: subscriptionsEnd,
  }),
  alerts: router({
    list: alertsList,
    csv: alertsCsv,
    acknowledge: alertsAcknowledge,
    channels: alertsChannels,
    chooseMail: alertsChooseMail,
    chooseWebhook: alertsChooseWebhook,
    testMail: alertsTestMail,
  }),
  webhooks: router({ list: webhooksList, add: webhooksAdd, remove: webhooksRemove, test: webhooksTest }),
  exports: router({
    request: exportsRequest,
    list: exportsList,
    get: exportsGet,
    download: exportsDownload,
  }),
  assessments: router({
    list: assessmentsList,
    get: assessmentsGet,
    open: assessmentsOpen,
    rename: assessmentsRename,
    changePeriod: assessmentsChangePeriod,
    attach: assessmentsAttach,
    attachCurrent: assessmentsAttachCurrent,
    detach: assessmentsDetach,
    submit: assessmentsSubmit,
    sendBack: assessmentsSendBack,
    approve: assessmentsApprove,
    drawSample: assessmentsDrawSample,
    sample: assessmentsSample,
    sampleCsv: assessmentsSampleCsv,
    populationCsv: assessmentsPopulationCsv,
  }),
  keys: router({ show: keysShow, rotate: keysRotate, choose: keysChoose }),
  retention: router({ show: retentionShow, preview: retentionPreview, change: retentionChange }),
  erasures: router({
    list: erasureList,
    find: erasureFind,
    preview: erasurePreview,
    request: erasureRequest,
    lift: erasureLift,
  }),
  organizations: router({
    shell: organizationShell,
    deletion: organizationDeletion,
    requestDeletion: organizationRequestDeletion,
    cancelDeletion: organizationCancelDeletion,
  }),
  passkeys: router({
    signInOptions: passkeySignInOptions,
    signIn: passkeySignIn,
    registerOptions: passkeyRegisterOptions,
    register: passkeyRegister,
    remove: passkeyRemove,
  }),
  secondFactor: router({
    show: secondFactorShow,
    begin: secondFactorBegin,
    confirm: secondFactorConfirm,
    renewBackupCodes: secondFactorRenewCodes,
    turnOff: secondFactorTurnOff,
  }),
  sessionCurrent,
  signIn,
  signInCode,
  signOut,
  register,
  verifyEmail,
  requestPasswordReset,
  resetPassword,
  changePassword,
  listSessions,
  revokeSession,
  organizationList,
  organizationCreate,
  memberList,
  memberCsv,
  memberInvite,
  memberChangeRole,
  memberRemove,
  memberLeave,
  invitationWithdraw,
  invitationShow,
  invitationAccept,
})

export type AppRouter = typeof appRouter

export const createCaller = createCallerFactory(appRouter)
export type Caller = ReturnType<typeof createCaller>
