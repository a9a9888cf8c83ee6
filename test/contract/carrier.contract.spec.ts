import { carrierContract } from './carrier.suite.js';
import { fcmUnderTest } from './fcm-under-test.js';
import { flowrouteUnderTest } from './flowroute-under-test.js';
import { sandboxUnderTest } from './sandbox-under-test.js';
import { smtpUnderTest } from './smtp-under-test.js';
import { twilioUnderTest } from './twilio-under-test.js';

/** Every adapter keeps what `carriers/carrier.ts` says. */
carrierContract('twilio', twilioUnderTest);
carrierContract('flowroute', flowrouteUnderTest);
carrierContract('smtp', smtpUnderTest);
carrierContract('fcm', fcmUnderTest);
carrierContract('sandbox', sandboxUnderTest);
