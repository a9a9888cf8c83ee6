import { carrierContract } from './carrier.suite.js';
import { flowrouteUnderTest } from './flowroute-under-test.js';
import { sandboxUnderTest } from './sandbox-under-test.js';
import { smtpUnderTest } from './smtp-under-test.js';
import { twilioUnderTest } from './twilio-under-test.js';

/** Every adapter keeps what `carriers/carrier.ts` says. */
carrierContract('twilio', twilioUnderTest);
carrierContract('flowroute', flowrouteUnderTest);
carrierContract('smtp', smtpUnderTest);
carrierContract('sandbox', sandboxUnderTest);
