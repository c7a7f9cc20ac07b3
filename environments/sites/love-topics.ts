/** Topics by which several producers share one CSC, or leave the rest out (phalanx 2026-08, the same at all sites). */

const words = (text: string) => text.trim().split(/\s+/);
const events = (names: string) => words(names).map((name) => `evt_${name}`);
const telemetry = (names: string) => words(names).map((name) => `tel_${name}`);

/** The topics that a producer takes, by its name; all of its CSC where it is not named here. */
export const TOPICS_OF: Readonly<Record<string, { asynchronous?: string[]; periodic?: string[] }>> = {
  mtm1m3: {
    asynchronous: events(`
      heartbeat summaryState logMessage errorCode logLevel simulationMode configurationApplied
      configurationsAvailable softwareVersions detailedState
    `),
  },
  "mtm1m3-event-01": {
    asynchronous: events(`
      forceSetpointWarning hardpointActuatorState appliedStaticForces forceActuatorInfo interlockWarning
      hardpointActuatorSettings raisingLoweringInfo preclippedCylinderForces preclippedForces
      preclippedActiveOpticForces forceActuatorForceWarning enabledForceActuators forceActuatorBumpTestStatus
      preclippedBalanceForces preclippedStaticForces preclippedThermalForces hardpointMonitorInfo
      preclippedVelocityForces forceActuatorWarning hardpointActuatorWarning forceControllerState
      preclippedAzimuthForces preclippedElevationForces hardpointActuatorInfo forceActuatorState
      forceActuatorFollowingErrorCounter appliedActiveOpticForces appliedOffsetForces
      preclippedAccelerationForces preclippedOffsetForces
    `),
  },
  "mtm1m3-telemetry-01": {
    periodic: telemetry(`
      forceActuatorData hardpointActuatorData imsData hardpointMonitorData appliedAzimuthForces
      appliedAccelerationForces appliedBalanceForces appliedCylinderForces appliedElevationForces
      appliedThermalForces appliedVelocityForces
    `),
  },
  "mtm1m3-telemetry-02": {
    periodic: telemetry("appliedForces"),
  },
  "mtm2-event": {
    asynchronous: events(`
      actuatorBumpTestStatus cellTemperatureHiWarning closedLoopControlMode commandableByDDS config
      configurationApplied configurationFiles configurationsAvailable controllerState detailedState digitalInput
      digitalOutput disabledILC enabledFaultsMask errorCode forceBalanceSystemStatus hardpointList heartbeat
      inclinationTelemetrySource innerLoopControlMode interlock limitSwitchExtend limitSwitchRetract logLevel
      logMessage m2AssemblyInPosition openLoopMaxLimit powerSystemState scriptExecutionStatus simulationMode
      softwareVersions summaryFaultsStatus summaryState tcpIpConnected temperatureOffset
    `),
  },
  "mtm2-telemetry": {
    periodic: telemetry(`
      ackcmd axialActuatorSteps axialEncoderPositions axialForce displacementSensors forceBalance
      forceErrorTangent ilcData inclinometerAngleTma netForcesTotal netMomentsTotal position positionIMS
      powerStatus powerStatusRaw tangentActuatorSteps tangentEncoderPositions tangentForce temperature
      zenithAngle
    `),
  },
  "mtmount-event": {
    asynchronous: events(`
      auxiliaryCabinetsThermalSystemState availableSettings azimuthCableWrapSystemState
      azimuthControllerSettings azimuthDrivesThermalSystemState azimuthHomed azimuthInPosition azimuthLimits
      azimuthMotionState azimuthSystemState azimuthToppleBlock balanceSystemState cabinet0101ThermalSystemState
      cameraCableWrapControllerSettings cameraCableWrapFollowing cameraCableWrapInPosition cameraCableWrapLimits
      cameraCableWrapMotionState cameraCableWrapSystemState cameraCableWrapTarget clockOffset commander
      configurationApplied configurationsAvailable connected controllerSettingsName
      deployablePlatformsMotionState deployablePlatformsSystemState elevationControllerSettings
      elevationDrivesThermalSystemState elevationHomed elevationInPosition elevationLimits
      elevationLockingPinMotionState elevationMotionState elevationSystemState error errorCode heartbeat
      lockingPinsSystemState logLevel logMessage mainAxesPowerSupplySystemState mainCabinetThermalSystemState
      mirrorCoverLocksMotionState mirrorCoverLocksSystemState mirrorCoversMotionState mirrorCoversSystemState
      motionLockState oilSupplySystemState safetyInterlocks simulationMode softwareVersions summaryState target
      telemetryConnected topEndChillerSystemState warning
    `),
  },
  "mtmount-telemetry": {
    periodic: telemetry(`
      ackcmd auxiliaryCabinetsThermal azimuth azimuthCableWrap azimuthDrives azimuthDrivesThermal balancing
      cabinet0101Thermal cameraCableWrap capacitorBank compressedAir cooling deployablePlatforms dynaleneCooling
      elevation elevationDrives elevationDrivesThermal encoder generalPurposeGlycolWater lockingPins
      mainCabinetThermal mainPowerSupply mirrorCover mirrorCoverLocks oilSupplySystem safetySystem
      telemetryClientHeartbeat topEndChiller
    `),
  },
  "epm-ess303": {
    asynchronous: [
      ...events(`
        heartbeat summaryState logMessage errorCode logLevel simulationMode configurationApplied
        configurationsAvailable softwareVersions sensorStatus
      `),
      ...telemetry("schneiderPm5xxx xups"),
    ],
  },
};
